-- One row per borrower and reason family that falls short of its reference, in hundredths of a point.
select
    points.borrower_id,
    points.family,
    cast(sum(points.shortfall) as bigint) as shortfall
from points
group by points.borrower_id, points.family
having cast(sum(points.shortfall) as bigint) > 0
