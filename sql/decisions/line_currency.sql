-- One row per currency of an accepted line that is not closed: whether a rate to another is known on as_of.
select
    facility.currency,
    cast(count(*) as bigint) as lines,
    coalesce(bool_or(fx_rate.currency is not null and fx_rate.rate_ppm <> 1000000), false) as has_rate
from facility
cross join night
left join fx_rate on facility.currency = fx_rate.currency and fx_rate.as_of <= night.as_of
where facility.status <> 'closed'
group by facility.currency
order by facility.currency
