-- One row per batch of units of which about $most things are tried: the first and the last of them.
with tried_of as (
    select
        chosen.unit,
        count(*) as tried
    from chosen
    group by chosen.unit
),

placed as (
    select
        tried_of.unit,
        cast(sum(tried_of.tried) over (
            order by tried_of.unit rows between unbounded preceding and current row
        ) as bigint) // $most as batch
    from tried_of
)

select
    min(placed.unit) as first_unit,
    max(placed.unit) as last_unit
from placed
group by placed.batch
order by first_unit
