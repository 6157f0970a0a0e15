-- One row per client's credit card, as it stood at the end of September 2005. A code of 1 to 9 in PAY_0
-- says as many months late: 30 days each. -2 (no use), -1 (paid in full) and 0 (revolving) are not late.
-- Any other code is unknown.
select
    printf('UCI%05d', id) as facility_id,
    printf('UCI%05d', id) as borrower_id,
    'revolving_consumer' as product,
    'TWD' as currency,
    limit_bal * 100 as credit_limit_cents,
    bill_amt1 * 100 as drawn_cents,
    'active' as status,
    case
        when pay_0 between 1 and 9 then cast(pay_0 * 30 as integer)
        when pay_0 between -2 and 0 then 0
    end as days_past_due,
    true as revolving
from source
order by facility_id
