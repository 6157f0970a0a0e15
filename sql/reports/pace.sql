-- One row per kind of case, and one of all kinds: how many readings there were, and on how many at most less
-- time was spent than anybody needs.
select
    reading_time.kind,
    reading_time.plausible_s,
    count(*) as readings,
    count(distinct reading_time.borrower_id) as borrowers,
    count(*) filter (where reading_time.is_fast) as fast
from reading_time
group by grouping sets ((reading_time.kind, reading_time.plausible_s), ())
order by reading_time.kind nulls last
