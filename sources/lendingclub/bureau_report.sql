-- One row per loan issued in the twelve months up to the night whose revolving line is known: what the
-- application's bureau report said, dated at the end of its month. Payments are the share of income that dti
-- names (percent with two digits, so bp) and the new loan's instalment, rounded up. The report counts the
-- line itself, which cannot be taken off: excludes_us stays unknown.
select
    printf('LC%05d', loan) as borrower_id,
    last_day(issue_d) as pulled_on,
    cast(open_acc as integer) as lender_count,
    (annual_inc * dti + 119999) // 120000 + installment as monthly_payment_cents,
    cast(inq_last_6mths as integer) as inquiries_6m,
    case when acc_now_delinq > 0 then 30 when acc_now_delinq = 0 then 0 end as worst_dpd_now,
    case when delinq_2yrs > 0 or acc_now_delinq > 0 then 30 when delinq_2yrs = 0 then 0 end as worst_dpd_24m,
    cast(pub_rec as integer) as public_record_count
from source
where
    last_day(issue_d) > $as_of - interval 12 month
    and last_day(issue_d) <= $as_of
    and revol_bal > 0
    and revol_util > 0
order by borrower_id
