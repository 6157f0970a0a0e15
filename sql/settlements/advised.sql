-- One row per line that a settlement cuts and tells so: what it was lowered from and to, and what bears on
-- what its borrower could do. Fraud is never advised on.
with late as (
    select
        night_decision.borrower_id,
        max(night_decision.days_past_due) as days_past_due
    from night_decision
    group by night_decision.borrower_id
)

select
    settled_line.facility_id,
    night_decision.borrower_id,
    settled_line.standing_limit_cents as old_limit_cents,
    settled_line.new_limit_cents,
    greatest(coalesce(night_decision.drawn_cents, 0), 0) as drawn_cents,
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
    late.days_past_due > 0 or coalesce(borrower.hardship_on <= night.as_of, false) as needs_support,
    coalesce(night_decision.binding_step = 'regulation', false) as is_law,
    false as is_theirs
from settled_line
cross join night
inner join stg_facility on settled_line.facility_id = stg_facility.facility_id
inner join night_decision on settled_line.facility_id = night_decision.facility_id
inner join pol_segment on night_decision.segment = pol_segment.segment
inner join borrower on night_decision.borrower_id = borrower.borrower_id
left join late on night_decision.borrower_id = late.borrower_id
where
    settled_line.action = 'decrease' and settled_line.new_limit_cents < settled_line.standing_limit_cents
    and coalesce(borrower.fraud_flag, 'none') = 'none'
order by settled_line.facility_id
