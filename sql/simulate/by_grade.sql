-- One row per pair of grades, as decided and under the drafts ('none' without a score): lines, limits, what
-- either side would move, and of the lines whose borrower's outcome is known how many defaulted.
select
    coalesce(paired.was_grade, 'none') as was_grade,
    coalesce(paired.now_grade, 'none') as now_grade,
    count(*) as lines,
    cast(sum(paired.limit_cents) as bigint) as limit_cents,
    cast(sum(paired.was_moved_cents) as bigint) as was_moved_cents,
    cast(sum(paired.now_moved_cents) as bigint) as now_moved_cents,
    count(paired.defaulted) as known,
    count(*) filter (where paired.defaulted) as defaulted
from paired
group by coalesce(paired.was_grade, 'none'), coalesce(paired.now_grade, 'none')
order by coalesce(paired.was_grade, 'none'), coalesce(paired.now_grade, 'none')
