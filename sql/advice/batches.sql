-- One row per batch of units of which about $most_lines lines are decided: the first and the last of them,
-- and the day of a month on which all of them are reviewed.
-- What is tried of a line copies all lines of its group, and a group may be a thousand times another.
with tried_of as (
    select
        chosen.unit,
        unit.review_day,
        count(*) as lines
    from chosen
    inner join member_line on chosen.unit = member_line.unit
    inner join unit on chosen.unit = unit.unit
    group by chosen.unit, unit.review_day
),

placed as (
    select
        tried_of.unit,
        tried_of.review_day,
        cast(sum(tried_of.lines) over (
            order by tried_of.unit rows between unbounded preceding and current row
        ) as bigint) // cast($most_lines as bigint) as batch
    from tried_of
)

select
    min(placed.unit) as first_unit,
    max(placed.unit) as last_unit,
    placed.review_day
from placed
group by placed.review_day, placed.batch
order by first_unit
