-- One row per company: a line that the data do not have, undrawn. Its limit is a tenth of the capital paid in
-- (in 10,000 yuan with four digits, so whole yuan), never under 100,000 yuan nor over 5,000,000, in whole
-- 10,000 yuan rounded down.
select
    printf('SMESD-%04d', company_index) as facility_id,
    printf('SMESD-%04d', company_index) as borrower_id,
    'working_capital' as product,
    'CNY' as currency,
    least(500000000, greatest(10000000, paid_capital // 10 // 10000 * 1000000)) as credit_limit_cents,
    cast(0 as bigint) as drawn_cents,
    'active' as status,
    true as revolving
from source_company
order by facility_id
