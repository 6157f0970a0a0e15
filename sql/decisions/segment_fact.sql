-- One row per open line of a known borrower: what a segment of the policy may ask of it (linewatch/facts.py).
select
    stg_facility.facility_id,
    stg_facility.product,
    stg_facility.currency,
    stg_facility.credit_limit_cents,
    borrower.borrower_type,
    borrower.jurisdiction,
    borrower.industry_code,
    borrower.annual_income_cents,
    cast(date_sub('month', borrower.onboarded_on, night.as_of) as integer) as tenure_months,
    case
        when statement_now.borrower_id is not null then statement_now.revenue_cents
        else trade_revenue.revenue_cents
    end as revenue_cents
from stg_facility
cross join night
inner join borrower on stg_facility.borrower_id = borrower.borrower_id
left join statement_now on stg_facility.borrower_id = statement_now.borrower_id
left join trade_revenue on stg_facility.borrower_id = trade_revenue.borrower_id
where stg_facility.status is distinct from 'closed'
