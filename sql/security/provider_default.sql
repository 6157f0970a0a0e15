-- One row per borrower of ours whose word covers nothing on as_of: 90 days past due on an open line,
-- bankrupt, dead, or a fraud of their own.
with default_day as (
    select
        facility.borrower_id
    from facility
    where facility.status is distinct from 'closed' and facility.days_past_due >= 90
    union
    select treatment.borrower_id
    from treatment, night
    where
        treatment.kind = 'bankruptcy'
        and treatment.valid_from <= night.as_of
        and (treatment.valid_until is null or treatment.valid_until >= night.as_of)
    union
    select borrower.borrower_id
    from borrower, night
    where borrower.deceased_on <= night.as_of or borrower.fraud_flag = 'first_party'
)

select default_day.borrower_id
from default_day
order by default_day.borrower_id
