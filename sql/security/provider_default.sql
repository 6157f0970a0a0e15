-- One row per borrower of ours whose word covers nothing on as_of: in default, dead, or a fraud of their own.
-- Of one with a row in quarantine none of this is known tonight.
with void as (
    select in_default.borrower_id
    from in_default
    union
    select borrower.borrower_id
    from borrower, night
    where borrower.deceased_on <= night.as_of or borrower.fraud_flag = 'first_party'
)

select void.borrower_id
from void
anti join quarantined_borrower on void.borrower_id = quarantined_borrower.borrower_id
order by void.borrower_id
