-- One row per open line of a known borrower: the first segment of the policy that fits.
-- A bound on tenure or revenue fits only where that is known.
with fact as (
    select
        stg_facility.facility_id,
        stg_facility.product,
        borrower.borrower_type,
        cast(date_sub('month', borrower.onboarded_on, night.as_of) as integer) as tenure_months,
        latest_statement.revenue_cents
    from stg_facility
    cross join night
    inner join borrower on stg_facility.borrower_id = borrower.borrower_id
    left join latest_statement on stg_facility.borrower_id = latest_statement.borrower_id
    where stg_facility.status is distinct from 'closed'
)

select
    fact.facility_id,
    fact.tenure_months,
    min(pol_segment.ordinal) as ordinal
from fact
inner join
    pol_segment
    on
        fact.borrower_type = pol_segment.subject
        and (pol_segment.product is null or fact.product = pol_segment.product)
        and (pol_segment.tenure_below_months is null or fact.tenure_months < pol_segment.tenure_below_months)
        and (pol_segment.revenue_below_cents is null or fact.revenue_cents < pol_segment.revenue_below_cents)
group by fact.facility_id, fact.tenure_months
