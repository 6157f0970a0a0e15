-- One row per currency: reporting currency units for one unit, in millionths, as last known on as_of.
with known as (
    select
        fx_rate.currency,
        fx_rate.rate_ppm
    from fx_rate, night
    where fx_rate.as_of <= night.as_of and fx_rate.currency <> (select reporting.currency from reporting)
    qualify row_number() over (partition by fx_rate.currency order by fx_rate.as_of desc) = 1
)

select
    known.currency,
    known.rate_ppm
from known
union all
select
    reporting.currency,
    1000000 as rate_ppm
from reporting
