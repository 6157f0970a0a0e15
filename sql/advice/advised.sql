-- One row per line that the night itself lowers and tells so: what it was lowered from and to, and what bears
-- on what its borrower could do. Fraud is never advised on.
with late as (
    select
        decisions.borrower_id,
        max(decisions.days_past_due) as days_past_due
    from decisions
    group by decisions.borrower_id
)

select
    decisions.facility_id,
    decisions.borrower_id,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents,
    greatest(coalesce(decisions.drawn_cents, 0), 0) as drawn_cents,
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
    decisions.route = 'referred' or decisions.binding_step = 'regulation' as is_law,
    len(list_filter(
        decisions.reasons,
        lambda reason: not list_contains(cast($theirs as varchar[]), reason.code)
    )) = 0 as is_theirs
from decisions
cross join night
inner join stg_facility on decisions.facility_id = stg_facility.facility_id
inner join pol_segment on decisions.segment = pol_segment.segment
inner join borrower on decisions.borrower_id = borrower.borrower_id
left join late on decisions.borrower_id = late.borrower_id
where
    decisions.action = 'decrease' and decisions.committed_limit_cents < decisions.limit_cents
    and coalesce(borrower.fraud_flag, 'none') = 'none'
order by decisions.facility_id
