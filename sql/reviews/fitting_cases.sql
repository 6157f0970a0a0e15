-- One row: how many cases of the queue, in its order, have together no more lines than $rows.
with summed as (
    select
        cast(sum(len(open_now.facility_ids)) over (order by open_now.priority) as bigint) as lines
    from open_now
)

select count(*) as cases
from summed
where summed.lines <= $rows
