-- One row per currency with a rate on as_of, the reporting currency among them.
select
    fx_latest.currency,
    fx_latest.rate_ppm
from fx_latest
order by fx_latest.currency
