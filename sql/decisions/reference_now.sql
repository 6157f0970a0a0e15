-- One row per named rate: the newest by as_of.
select
    reference_rate.name,
    reference_rate.rate_bp
from reference_rate, night
where reference_rate.as_of <= night.as_of
qualify row_number() over (partition by reference_rate.name order by reference_rate.as_of desc) = 1
order by reference_rate.name
