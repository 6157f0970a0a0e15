-- One row per made-up decrease: parts of its change, some of them nothing.
select
    'F' || lpad(cast(numbers.n as varchar), 9, '0') as facility_id,
    date '2026-08-20' as caused_since_on,
    cast(-(numbers.n % 5003) as bigint) as cause_circumstances_cents,
    cast(0 as bigint) as cause_data_cents,
    cast(-(numbers.n % 3) * 100 as bigint) as cause_model_cents,
    cast(numbers.n % 7 * 10 as bigint) as cause_policy_cents,
    cast(0 as bigint) as cause_regulation_cents,
    cast(-(numbers.n % 5003) as bigint) as cause_conduct_cents,
    cast(0 as bigint) as cause_elapsed_time_cents,
    cast(0 as bigint) as cause_security_cents,
    cast(0 as bigint) as cause_related_cents,
    cast(0 as bigint) as cause_market_cents
from range(cast($lines as bigint)) as numbers (n)
order by numbers.n
