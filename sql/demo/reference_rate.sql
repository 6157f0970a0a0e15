-- One row per named rate and day since the first one shown: the loan prime rates, falling slowly.
with days as (
    select
        cast($as_of as date)
        - cast(unnest(range(0, cast($as_of as date) - cast($days as date[])[1])) as integer)
            as as_of
),

named as (
    select unnest(['LPR_1Y', 'LPR_5Y']) as name, unnest([340, 390]) as level_bp
)

select
    name,
    as_of,
    cast(level_bp - greatest(0, least(100, (as_of - date '2024-07-20') // 180 * 10)) as integer) as rate_bp,
    cast(as_of as timestamp) + interval 10 hour as recorded_at
from named, days
order by name, as_of
