-- One row: how many cases of the queue, in its order, have together no more lines than $rows.
with summed as (
    select
        cast(sum(len(shown_case.facility_ids)) over (order by shown_case.priority) as bigint) as lines
    from shown_case
)

select count(*) as cases
from summed
where summed.lines <= $rows
