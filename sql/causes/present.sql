-- One row per unit: the players that differ from what they were, as the bits of linewatch/causes.py. Time has
-- always passed and a line has always been lived with; the rest is looked up.
with moved as (
    select
        cause_moved.unit,
        bool_or(cause_moved.player = 'security') as security,
        bool_or(cause_moved.player = 'related') as related,
        bool_or(cause_moved.player = 'market') as market,
        bool_or(cause_moved.player = 'data') as data
    from cause_moved
    group by cause_moved.unit
)

select
    unit.unit,
    unit.since_on,
    cast(
        3
        + case when coalesce(moved.security, false) then 4 else 0 end
        + case when coalesce(moved.related, false) then 8 else 0 end
        + case when coalesce(moved.market, false) then 16 else 0 end
        + case when coalesce(moved.data, false) then 32 else 0 end
        + case when cause_anchor.model > 0 then 64 else 0 end
        + case when cause_anchor.policy > 0 then 128 else 0 end
        + case when cause_anchor.regulation > 0 then 256 else 0 end
        as integer
    ) as present
from unit
inner join cause_anchor on unit.since_on = cause_anchor.since_on
left join moved on unit.unit = moved.unit
order by unit.unit
