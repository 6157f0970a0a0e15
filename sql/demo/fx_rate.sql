-- One row per currency and day since the first one shown: yuan for one unit, in millionths, in slow waves.
with days as (
    select unnest(range(0, cast($as_of as date) - cast($days as date[])[1])) as ago
),

rates as (
    select unnest(['EUR', 'SGD', 'USD']) as currency, unnest([7900000, 5450000, 7120000]) as level_ppm
),

dated as (
    select currency, level_ppm, cast($as_of as date) - cast(ago as integer) as as_of
    from rates, days
)

select
    currency,
    as_of,
    level_ppm + level_ppm // 25000
    * (abs((as_of - date '2015-01-01' + level_ppm // 1000) % 700 * 2 - 700) - 350) as rate_ppm,
    cast(as_of as timestamp) + interval 18 hour as recorded_at
from dated
order by currency, as_of
