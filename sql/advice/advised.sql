-- One row per line of `lowered`: with what bears on what its borrower could do. Fraud is never advised on.
with late as (
    select
        stg_facility.borrower_id,
        max(stg_facility.days_past_due) as days_past_due
    from stg_facility
    where stg_facility.status is distinct from 'closed'
    group by stg_facility.borrower_id
)

select
    lowered.* replace (greatest(coalesce(lowered.drawn_cents, 0), 0) as drawn_cents),
    pol_segment.stab_rounding_cents as unit_cents,
    case when pol_segment.cycle = 'statement' then coalesce(stg_facility.statement_day, 1) end
        as statement_day,
    borrower.net_monthly_income_cents,
    borrower.net_monthly_income_cents is not null
    and (
        borrower.income_kind is distinct from 'verified'
        or borrower.income_verified_on is null
        or cast(borrower.income_verified_on + to_months(pol_segment.aff_verified_within_months) as date)
        <= cast(night.as_of + to_months($months) as date)
    ) as can_prove,
    coalesce(late.days_past_due > 0, false) or coalesce(borrower.hardship_on <= night.as_of, false)
        as needs_support,
    lowered.facility_id in (
        select standing_promise.facility_id
        from standing_promise
        where not standing_promise.is_offered
    ) as is_promised
from lowered
cross join night
inner join stg_facility on lowered.facility_id = stg_facility.facility_id
inner join pol_segment on lowered.segment = pol_segment.segment
inner join borrower on lowered.borrower_id = borrower.borrower_id
left join late on lowered.borrower_id = late.borrower_id
where coalesce(borrower.fraud_flag, 'none') = 'none'
order by lowered.facility_id
