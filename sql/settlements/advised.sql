-- One row per line that a settlement cuts and tells so: what it was lowered from and to, and what bears on
-- what its borrower could do. Fraud is never advised on.
select
    settled_line.facility_id,
    night_decision.borrower_id,
    settled_line.standing_limit_cents as old_limit_cents,
    settled_line.new_limit_cents,
    greatest(coalesce(night_decision.drawn_cents, 0), 0) as drawn_cents,
    pol_segment.stab_rounding_cents as unit_cents,
    borrower.net_monthly_income_cents,
    borrower.net_monthly_income_cents is not null
    and (
        borrower.income_kind is distinct from 'verified'
        or borrower.income_verified_on is null
        or cast(borrower.income_verified_on + to_months(pol_segment.aff_verified_within_months) as date)
        <= cast(night.as_of + to_months($months) as date)
    ) as can_prove,
    coalesce(night_decision.days_past_due > 0, false)
    or coalesce(borrower.hardship_on <= night.as_of, false) as needs_support,
    false as is_law,
    false as is_theirs
from settled_line
cross join night
inner join night_decision on settled_line.facility_id = night_decision.facility_id
inner join pol_segment on night_decision.segment = pol_segment.segment
inner join borrower on night_decision.borrower_id = borrower.borrower_id
where
    settled_line.action = 'decrease' and settled_line.new_limit_cents < settled_line.standing_limit_cents
    and coalesce(borrower.fraud_flag, 'none') = 'none'
order by settled_line.facility_id
