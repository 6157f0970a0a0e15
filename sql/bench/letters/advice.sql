-- One row per made-up decrease: half are told what would help, half that nothing would.
select
    'F' || lpad(cast(numbers.n as varchar), 9, '0') as facility_id,
    case when numbers.n % 4 < 2 then 'indication' else 'nothing' end as standing,
    case when numbers.n % 4 < 2 then 'pay_down_on_time' else 'nothing_time' end as code,
    cast(10000 + numbers.n % 9001 as bigint) as amount_cents,
    date '2027-01-10' as by_on,
    date '2027-02-20' as counts_on,
    cast(1000000 + numbers.n % 30011 * 100 as bigint) as limit_cents
from range(cast($lines as bigint)) as numbers (n)
order by numbers.n
