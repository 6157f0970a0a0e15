-- One row per line that is not closed: everything the walk reads, money in the line's own currency. Lines
-- of quarantined borrowers stand here too, with the amounts that were last accepted.
with source as (
    select
        stg_facility.*,
        borrower.jurisdiction,
        borrower.borrower_type,
        borrower.net_monthly_income_cents,
        borrower.income_kind,
        borrower.income_verified_on,
        borrower.identity_verified_on,
        borrower.limit_increase,
        borrower.hardship_on,
        borrower.deceased_on,
        borrower.fraud_flag,
        past_decision.facility_id is not null as is_known,
        quarantined_borrower.borrower_id is not null or facility.facility_id is null
        or borrower.borrower_id is null as quarantined
    from stg_facility
    left join facility on stg_facility.facility_id = facility.facility_id
    left join borrower on stg_facility.borrower_id = borrower.borrower_id
    left join quarantined_borrower on stg_facility.borrower_id = quarantined_borrower.borrower_id
    left join past_decision on stg_facility.facility_id = past_decision.facility_id
    where stg_facility.status is distinct from 'closed'
),

amount as (
    select
        source.*,
        case
            when not source.is_known then 'source'
            when
                past_decision.committed_limit_cents <> past_decision.source_limit_cents
                and source.credit_limit_cents = past_decision.source_limit_cents then 'in_flight'
            when source.credit_limit_cents = past_decision.committed_limit_cents then 'source'
            when source.quarantined then 'in_flight'
            else 'outside'
        end as limit_origin,
        case
            when source.quarantined and source.is_known then past_decision.drawn_cents
            else source.drawn_cents
        end as used_cents,
        case
            when source.quarantined and source.is_known then past_decision.owed_cents
            else greatest(source.drawn_cents, 0) + coalesce(source.pending_cents, 0)
        end as owed_cents
    from source
    left join past_decision on source.facility_id = past_decision.facility_id
)

select
    amount.facility_id,
    amount.borrower_id,
    coalesce(exposure_group.group_id, amount.borrower_id) as group_id,
    pol_segment.segment,
    amount.product,
    amount.currency,
    amount.jurisdiction,
    amount.borrower_type,
    amount.quarantined,
    group_quarantined.group_id is not null or provider_quarantined.borrower_id is not null
        as near_quarantine,
    amount.status,
    coalesce(amount.drawdown_blocked, false) as source_block,
    amount.drawdown_blocked as shown_block,
    amount.commitment = 'committed' as is_committed,
    coalesce(amount.commitment = 'committed', false) or amount.product = 'project' as recommend_only,
    coalesce(amount.revolving, true) as is_revolving,
    amount.scheduled_limit_cents,
    amount.matures_on,
    amount.last_change_by,
    scores.scorecard,
    scores.score,
    scores.pd_bp,
    scores.unknown_share_bp,
    scores.conduct_points,
    past_decision.conduct_points as past_conduct_points,
    former_scores.former_pd_bp,
    former_scores.former_conduct_points,
    former_scores.grace_began_on,
    amount.credit_limit_cents as source_limit_cents,
    case
        when amount.limit_origin = 'in_flight' then past_decision.committed_limit_cents
        else amount.credit_limit_cents
    end as limit_cents,
    amount.limit_origin,
    amount.used_cents as drawn_cents,
    amount.owed_cents,
    coalesce(amount.days_past_due, 0) as days_past_due,
    amount.days_past_due is not null as arrears_known,
    fx_latest.rate_ppm,
    case
        when
            past_decision.committed_rate_bp <> past_decision.source_rate_bp
            and amount.annual_rate_bp = past_decision.source_rate_bp
            then past_decision.committed_rate_bp
        else amount.annual_rate_bp
    end as rate_bp,
    amount.annual_rate_bp as source_rate_bp,
    coalesce(line_conduct.balance_3m_cents, 0) as balance_3m_cents,
    coalesce(line_conduct.statements_3m, 0) as statements_3m,
    coalesce(line_conduct.months_known, 0) as months_known,
    coalesce(line_conduct.months_unused, 0) as months_unused,
    line_conduct.worst_dpd_24m,
    greatest(
        coalesce(line_conduct.highest_limit_12m_cents, 0), coalesce(change_12m.highest_limit_cents, 0)
    ) as highest_limit_12m_cents,
    case
        when amount.limit_origin = 'outside' then 0 else coalesce(past_decision.band_limit_cents, 0)
    end as past_band_limit_cents,
    line_segment.tenure_months,
    case
        when amount.limit_origin = 'outside' or past_decision.next_anchor_limit_cents is null
            then
                case
                    when amount.limit_origin = 'in_flight' then past_decision.committed_limit_cents
                    else amount.credit_limit_cents
                end
        else past_decision.next_anchor_limit_cents
    end as anchor_limit_cents,
    case
        when amount.limit_origin = 'outside' or past_decision.next_anchor_on is null then night.as_of
        else past_decision.next_anchor_on
    end as anchor_on,
    past_decision.facility_id is null as first_sight,
    past_decision.standing_grade as past_grade,
    past_decision.looked_at_dpd as past_days_past_due,
    coalesce(past_decision.improve_reviews, 0) as past_improve_reviews,
    past_decision.fired_target_bp as past_fired_target_bp,
    past_decision.fired_on as past_fired_on,
    coalesce(past_decision.plan_open, false) and amount.limit_origin <> 'outside' as past_plan_open,
    past_decision.last_increase_on,
    past_decision.last_decrease_on,
    greatest(
        past_decision.last_increase_on, past_decision.last_decrease_on, amount.last_limit_change_on
    ) as last_change_on,
    coalesce(past_decision.reviewed_on, amount.last_reviewed_on) as reviewed_on,
    amount.statement_day,
    coalesce(past_decision.looked_at_on, night.previous_as_of, night.as_of - 31) as since,
    past_decision.offered_on,
    coalesce(past_decision.own_block, false) as past_own_block,
    coalesce(past_decision.person_block, false) as past_person_block,
    past_decision.review_block as past_review_block,
    coalesce(past_decision.block_shown, false) as past_block_shown,
    past_decision.expected_on as past_expected_on,
    past_decision.offered_limit_cents as past_offered_limit_cents,
    past_decision.offer_until as past_offer_until,
    past_decision.customer_limit_cents as past_customer_limit_cents,
    past_decision.customer_limit_on as past_customer_limit_on,
    amount.last_limit_change_on,
    amount.temporary_limit_cents,
    amount.temporary_until,
    amount.deceased_on <= night.as_of as is_deceased,
    amount.fraud_flag,
    amount.hardship_on <= night.as_of as in_hardship,
    amount.identity_verified_on is not null as is_identified,
    borrower_default.worst_dpd_now as borrower_dpd,
    treatment_now.freeze_kind,
    treatment_now.hold_kind,
    treatment_now.no_rise_kind,
    coalesce(treatment_now.complaint_open, false) as complaint_open,
    case
        when of_line.granted_on >= coalesce(of_borrower.granted_on, of_line.granted_on) then of_line.stands
        when not of_borrower.stands then false
        else coalesce(amount.limit_increase, of_borrower.stands)
    end as rise_consent,
    case
        when of_line.granted_on >= coalesce(of_borrower.granted_on, of_line.granted_on) and of_line.stands
            then of_line.amount_cents
    end as consented_limit_cents,
    greatest(of_line.granted_on, of_borrower.granted_on) as consent_on,
    objection_now.borrower_id is not null as objects_to_automation,
    amount.net_monthly_income_cents,
    amount.income_kind,
    amount.income_verified_on,
    essential_spend.essential_cents,
    latest_bureau.pulled_on as bureau_on,
    latest_bureau.monthly_payment_cents as external_payment_cents,
    latest_bureau.worst_dpd_now as external_dpd,
    latest_bureau.public_record_count,
    statement_now.borrower_id is not null as has_statement,
    statement_now.last_received_on as statement_came_on,
    statement_now.period_end as statement_end_on,
    statement_now.received_on as statement_received_on,
    statement_now.altman_z2_hundredths,
    statement_now.age_months as statement_age_months,
    statement_fx.rate_ppm as statement_rate_ppm,
    case
        when statement_now.borrower_id is not null then statement_now.revenue_cents
        else trade_revenue.revenue_cents
    end as revenue_cents,
    case when statement_now.borrower_id is null then trade_revenue.trade_months end as trade_months,
    case when statement_now.borrower_id is null then trade_revenue.trade_age_months end
        as trade_age_months,
    statement_now.ebit_cents,
    statement_now.interest_expense_cents,
    statement_now.operating_cash_flow_cents,
    statement_now.debt_service_due_12m_cents,
    case
        when amount.limit_origin = 'outside' then null else past_decision.next_anchor_covers
    end as anchor_covers,
    security_now.expiring_since as security_expiring_since,
    security_now.valued_months as security_valued_months,
    coalesce(security_now.is_unvalued, false) as security_is_unvalued,
    coalesce(project_now.draw_stop, false) as draw_stop,
    coalesce(project_now.covenant_breached, false) as covenant_breached,
    project_now.reported_on,
    project_now.age_months as report_age_months,
    project_now.phase,
    project_now.completion_bp,
    project_now.cost_to_complete_cents,
    project_now.dscr_bp,
    line_slot.* exclude (facility_id),
    coalesce(default_now.in_default, false) as in_default,
    coalesce(default_now.group_default, false) as group_default,
    coalesce(past_decision.group_default_seen, false) as past_group_default,
    coalesce(device_share.device_borrowers, 1) as device_borrowers,
    assessment_now.weakest as assessment_weakest,
    promise_now.promised_cents,
    promise_now.due_promise_cents,
    promise_now.promise_is_due
from amount
cross join night
left join past_decision on amount.facility_id = past_decision.facility_id
left join exposure_group on amount.borrower_id = exposure_group.borrower_id
left join group_quarantined
    on coalesce(exposure_group.group_id, amount.borrower_id) = group_quarantined.group_id
left join provider_quarantined on amount.borrower_id = provider_quarantined.borrower_id
left join line_segment on amount.facility_id = line_segment.facility_id
left join pol_segment on line_segment.ordinal = pol_segment.ordinal
left join scores on amount.borrower_id = scores.borrower_id
left join former_scores on amount.borrower_id = former_scores.borrower_id
left join fx_latest on amount.currency = fx_latest.currency
left join line_conduct on amount.facility_id = line_conduct.facility_id
left join change_12m on amount.facility_id = change_12m.facility_id
left join borrower_default on amount.borrower_id = borrower_default.borrower_id
left join treatment_now on amount.borrower_id = treatment_now.borrower_id
left join consent_now as of_borrower
    on amount.borrower_id = of_borrower.borrower_id and of_borrower.facility_id is null
left join consent_now as of_line
    on amount.borrower_id = of_line.borrower_id and amount.facility_id = of_line.facility_id
left join objection_now on amount.borrower_id = objection_now.borrower_id
left join essential_spend on amount.borrower_id = essential_spend.borrower_id
left join latest_bureau on amount.borrower_id = latest_bureau.borrower_id
left join statement_now on amount.borrower_id = statement_now.borrower_id
left join trade_revenue on amount.borrower_id = trade_revenue.borrower_id
left join fx_latest as statement_fx
    on coalesce(
        case
            when statement_now.borrower_id is not null then statement_now.currency
            else trade_revenue.currency
        end, amount.currency
    ) = statement_fx.currency
left join security_now on amount.facility_id = security_now.facility_id
left join project_now on amount.facility_id = project_now.facility_id
left join line_slot on amount.facility_id = line_slot.facility_id
left join default_now on amount.borrower_id = default_now.borrower_id
left join device_share on amount.borrower_id = device_share.borrower_id
left join assessment_now on amount.borrower_id = assessment_now.borrower_id
left join promise_now on amount.facility_id = promise_now.facility_id
