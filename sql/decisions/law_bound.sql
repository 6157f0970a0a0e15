-- One row per line and record of law that forbids it a rise, blocks drawing on it, or lowers its rate. A
-- block has the code that a letter gives for it.
select
    law_scope.facility_id,
    law_scope.ordinal,
    law_scope.record_id,
    law_scope.type,
    case law_scope.measure
        when 'debt_income_months' then 'debt_over_legal_limit'
        when 'persistent_debt_months' then 'persistent_debt'
        when 'identity_verified' then 'identity_unverified'
    end as block_code
from law_scope
cross join night
left join
    law_debt
    on law_scope.borrower_id = law_debt.borrower_id and law_scope.ordinal = law_debt.ordinal
left join
    law_persistent_debt
    on
        law_scope.facility_id = law_persistent_debt.facility_id
        and law_scope.ordinal = law_persistent_debt.ordinal
where
    not law_scope.quarantined
    and case law_scope.measure
        when 'income_known' then law_scope.earned_cents is null
        when 'income_verified' then law_scope.income_kind is distinct from 'verified'
        when 'obligations_known' then law_scope.external_payment_cents is null
        when 'annual_income_least_cents'
            then
                not coalesce(
                    law_scope.annual_income_cents >= law_scope.value, false
                )
        when 'no_opt_out' then law_scope.rise_consent is not distinct from false
        when 'no_difficulty'
            then
                coalesce(law_scope.in_hardship, false)
                or coalesce(law_scope.borrower_dpd, 0) > 0 or law_scope.is_helped
        when 'dpd_below_days'
            then
                coalesce(
                    greatest(law_scope.borrower_dpd, law_scope.external_dpd) >= law_scope.value, false
                )
        when 'identity_verified'
            then not law_scope.is_identified
        when 'debt_income_months' then law_debt.borrower_id is not null
        when 'persistent_debt_months'
            then
                law_persistent_debt.facility_id is not null
                and (law_scope.type = 'gate' or not law_scope.has_payment_plan)
        when 'reassess_months'
            then
                coalesce(
                    law_scope.reviewed_on + to_months(cast(law_scope.value as integer) + 1) <= night.as_of,
                    false
                )
        else coalesce(law_scope.type = 'rate' and law_scope.rate_bp < law_scope.line_rate_bp, false)
    end
