-- One row per property: how many pairs of neighbours were compared, and of how many the better keeps more.
select
    neighbour.property,
    count(*) as pairs,
    count(*) filter (where neighbour.kept_cents > neighbour.worse_kept_cents) as better_pairs
from neighbour
group by neighbour.property
order by neighbour.property
