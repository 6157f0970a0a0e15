-- One row per currency of a line that is not closed: whether a rate to another currency is known on as_of.
select
    stg_facility.currency,
    cast(count(*) as bigint) as lines,
    coalesce(bool_or(fx_rate.currency is not null and fx_rate.rate_ppm <> 1000000), false) as has_rate
from stg_facility
cross join night
left join fx_rate on stg_facility.currency = fx_rate.currency and fx_rate.as_of <= night.as_of
where stg_facility.status is distinct from 'closed'
group by stg_facility.currency
order by stg_facility.currency
