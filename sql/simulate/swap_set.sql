-- One row per pair of directions, as decided and under the drafts: lines, their limits, what either side
-- would move, and of the lines whose borrower's outcome is known how many defaulted.
select
    paired.was_direction,
    paired.now_direction,
    count(*) as lines,
    cast(sum(paired.limit_cents) as bigint) as limit_cents,
    cast(sum(paired.was_moved_cents) as bigint) as was_moved_cents,
    cast(sum(paired.now_moved_cents) as bigint) as now_moved_cents,
    count(paired.defaulted) as known,
    count(*) filter (where paired.defaulted) as defaulted
from paired
group by paired.was_direction, paired.now_direction
order by paired.was_direction, paired.now_direction
