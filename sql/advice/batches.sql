-- One row per batch of units of which about $most_lines lines are decided: the first and the last of them.
-- What is tried of a line copies all lines of its group, and a group may be a thousand times another.
with tried_of as (
    select
        chosen.unit,
        count(*) as lines
    from chosen
    inner join member_line on chosen.unit = member_line.unit
    group by chosen.unit
),

placed as (
    select
        tried_of.unit,
        cast(sum(tried_of.lines) over (
            order by tried_of.unit rows between unbounded preceding and current row
        ) as bigint) // cast($most_lines as bigint) as batch
    from tried_of
)

select
    min(placed.unit) as first_unit,
    max(placed.unit) as last_unit
from placed
group by placed.batch
order by first_unit
