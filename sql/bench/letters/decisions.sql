-- One row per made-up decrease, with all that its letter needs.
select
    'F' || lpad(cast(numbers.n as varchar), 9, '0') as facility_id,
    'B' || lpad(cast(numbers.n as varchar), 9, '0') as borrower_id,
    'consumer' as borrower_type,
    'CN' as jurisdiction,
    'CNY' as currency,
    'consumer_established' as segment,
    'decrease' as action,
    'automatic' as route,
    cast(1000000 + numbers.n % 30011 * 100 as bigint) as limit_cents,
    cast(700000 + numbers.n % 20011 * 10 as bigint) as committed_limit_cents,
    cast(700000 + numbers.n % 20011 * 10 as bigint) as proposed_limit_cents,
    cast(1800 as integer) as rate_bp,
    cast(1800 as integer) as committed_rate_bp,
    date '2027-01-20' as effective_on,
    cast(null as date) as deadline_on,
    cast(null as date) as offer_until,
    cast(null as varchar) as review_block,
    [
        struct_pack(code := 'late_payments'), struct_pack(code := 'utilisation'),
        struct_pack(code := 'inquiries'), struct_pack(code := 'tenure')
    ][1:cast(1 + numbers.n % 4 as bigint)] as reasons
from range(cast($lines as bigint)) as numbers (n)
order by numbers.n
