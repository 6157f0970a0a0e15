-- One row per loan issued in the twelve months up to the night whose revolving line is known: that line,
-- which stands for all of the borrower's. Its limit is the balance over the utilisation, in whole dollars
-- rounded down; without a balance or a utilisation no limit is known, and no line.
select
    printf('LC%05d', loan) as facility_id,
    printf('LC%05d', loan) as borrower_id,
    'revolving_consumer' as product,
    'USD' as currency,
    revol_bal * 10000 // revol_util * 100 as credit_limit_cents,
    revol_bal * 100 as drawn_cents,
    'active' as status,
    case when acc_now_delinq = 0 then 0 end as days_past_due,
    true as revolving
from source
where
    last_day(issue_d) > $as_of - interval 12 month
    and last_day(issue_d) <= $as_of
    and revol_bal > 0
    and revol_util > 0
order by facility_id
