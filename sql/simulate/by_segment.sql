-- One row per segment and pair of directions: the swap set of each kind of line.
select
    coalesce(paired.segment, 'none') as segment,
    paired.was_direction,
    paired.now_direction,
    count(*) as lines,
    cast(sum(paired.limit_cents) as bigint) as limit_cents,
    cast(sum(paired.was_moved_cents) as bigint) as was_moved_cents,
    cast(sum(paired.now_moved_cents) as bigint) as now_moved_cents
from paired
group by coalesce(paired.segment, 'none'), paired.was_direction, paired.now_direction
order by coalesce(paired.segment, 'none'), paired.was_direction, paired.now_direction
