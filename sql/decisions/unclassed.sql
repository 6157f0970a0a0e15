-- One row per line that is not closed: the decision, its receipt, and what the next night carries on from;
-- with what gets worse for the borrower and its grounds, before anybody has asked how many other lines get
-- the same (decisions.sql).
select
    carried.facility_id,
    carried.borrower_id,
    carried.group_id,
    carried.segment,
    carried.product,
    carried.currency,
    carried.jurisdiction,
    carried.borrower_type,
    carried.scorecard,
    carried.score,
    carried.pd_bp,
    carried.grade,
    carried.unknown_share_bp,
    coalesce(carried.is_due, false) as due,
    carried.due_because,
    case
        when carried.is_due and not carried.is_free then carried.as_of + 1
        when coalesce(carried.cycle, 'statement') = 'statement' then carried.next_statement_on
        else cast(
            case when carried.is_due then carried.as_of else carried.reviewed_on end
            + interval 12 month as date
        )
    end as next_due_on,
    carried.limit_cents,
    carried.source_limit_cents,
    carried.limit_origin,
    carried.drawn_cents,
    carried.owed_cents,
    carried.days_past_due,
    carried.utilisation_bp,
    carried.utilisation_band,
    carried.anchor_limit_cents,
    carried.anchor_on,
    carried.after_gate_cents,
    carried.gate_row,
    carried.gate_value,
    carried.after_strategy_cents,
    carried.strategy_row,
    cast(carried.strategy_value as bigint) as strategy_value,
    carried.after_relationship_cents,
    carried.relationship_row,
    cast(carried.relationship_value as bigint) as relationship_value,
    carried.after_affordability_cents,
    carried.affordability_row,
    carried.affordability_value,
    carried.after_expected_loss_cents,
    carried.expected_loss_row,
    carried.expected_loss_value,
    carried.after_stability_cents,
    carried.stability_row,
    carried.stability_value,
    carried.after_exposure_cents,
    carried.exposure_row,
    carried.exposure_value,
    carried.after_regulation_cents,
    carried.regulation_row,
    carried.regulation_value,
    carried.after_floor_cents,
    carried.floor_row,
    carried.floor_value,
    carried.proposed_limit_cents,
    coalesce(law_outcome.proposed_limit_cents, carried.proposed_limit_cents) as without_regulation_cents,
    list_concat(
        coalesce(carried.law_records, cast([] as varchar[])),
        case
            when
                carried.proposed_action = 'offer' and carried.consent_given
                and not carried.has_consent_of_law
                then carried.law_amount_records
            else cast([] as varchar[])
        end
    ) as law_records,
    list_filter([
        case when carried.after_gate_cents <> carried.limit_cents then 'gate' end,
        case when carried.after_strategy_cents <> carried.after_gate_cents then 'strategy' end,
        case when carried.after_relationship_cents <> carried.after_strategy_cents then 'relationship' end,
        case
            when carried.after_affordability_cents <> carried.after_relationship_cents then 'affordability'
        end,
        case
            when carried.after_expected_loss_cents <> carried.after_affordability_cents then 'expected_loss'
        end,
        case when carried.after_stability_cents <> carried.after_expected_loss_cents then 'stability' end,
        case when carried.after_exposure_cents <> carried.after_stability_cents then 'exposure' end,
        case when carried.after_regulation_cents <> carried.after_exposure_cents then 'regulation' end,
        case when carried.after_floor_cents <> carried.after_regulation_cents then 'floor' end
    ], lambda step: step is not null) as binding_steps,
    binding_steps[-1] as binding_step,
    carried.source_rate_bp,
    carried.rate_bp,
    carried.law_rate_bp,
    carried.proposed_rate_bp,
    carried.committed_rate_bp,
    carried.action,
    carried.route,
    carried.all_triggers as triggers,
    carried.rules,
    carried.reasons,
    carried.reasons_truncated,
    case when carried.action = 'hold' then carried.hold_because end as hold_because,
    carried.recommendation,
    carried.slot,
    carried.slot_score_bp,
    carried.slot_financial_strength,
    carried.slot_political_legal,
    carried.slot_transaction,
    carried.slot_sponsor,
    carried.slot_security,
    carried.statement_end_on,
    carried.statement_received_on,
    carried.altman_z2_hundredths,
    case
        when
            carried.route = 'referred' and carried.committed_rate_bp <> carried.rate_bp
            then carried.as_of + 1
        when carried.action = 'decrease'
            then carried.as_of + 1 + greatest(carried.notice_days, carried.law_notice_days)
        when carried.action <> 'hold' or carried.proposed_rate_bp <> carried.rate_bp then carried.as_of + 1
    end as effective_on,
    case when carried.action in ('decrease', 'freeze') then carried.as_of + carried.law_deadline_days end
        as deadline_on,
    cast(cast(
        '0x' || substr(sha256(pol_setting.test_digit_key || '|' || carried.facility_id), 1, 8) as bigint
    ) % 100 as integer) as test_digit,
    carried.quarantined,
    carried.next_own_block or (carried.source_block and not carried.own_block) as drawdown_blocked,
    carried.committed_limit_cents,
    carried.next_own_block as own_block,
    carried.person_block,
    carried.review_block,
    carried.improve_reviews,
    case
        when carried.sets_anchor then carried.committed_limit_cents else carried.anchor_limit_cents
    end as next_anchor_limit_cents,
    case when carried.sets_anchor then carried.as_of else carried.anchor_on end as next_anchor_on,
    cast(case
        when not coalesce(carried.moves, false) then carried.past_fired_target_bp
        when carried.fires_down and (carried.moves_limit or carried.is_final) then carried.target_bp
        when carried.target_bp >= 10000 then null
        else carried.past_fired_target_bp
    end as integer) as fired_target_bp,
    case
        when carried.fires_down and (carried.moves_limit or carried.is_final) then carried.as_of
        else carried.past_fired_on
    end as fired_on,
    case
        when not coalesce(carried.moves, false) then carried.past_plan_open
        when not carried.fires_down then false
        when carried.moves_limit then carried.is_held_back
        when carried.is_held_back or carried.route = 'referred' or carried.action = 'unfreeze'
            then carried.past_plan_open
        else false
    end as plan_open,
    case
        when carried.committed_limit_cents < carried.limit_cents then carried.as_of else
            carried.last_decrease_on
    end as last_decrease_on,
    case
        when carried.moves_limit and carried.action = 'increase' then carried.as_of else
            carried.last_increase_on
    end as last_increase_on,
    case when carried.is_due and carried.is_free then carried.as_of else carried.reviewed_on end
        as reviewed_on,
    case when carried.is_free then carried.as_of else carried.since end as looked_at_on,
    case when carried.is_free then carried.group_default else carried.past_group_default end
        as group_default_seen,
    cast(
        case when carried.is_free then carried.days_past_due else carried.past_days_past_due end as integer
    ) as looked_at_dpd,
    case
        when carried.action = 'offer' and carried.route = 'automatic' then carried.as_of else
            carried.offered_on
    end as offered_on,
    coalesce(carried.grade, carried.past_grade) as standing_grade,
    greatest(carried.band_limit_cents, carried.committed_limit_cents) as band_limit_cents,
    carried.law_limit_cents,
    carried.temporary_cents,
    carried.block_lifted,
    carried.next_own_block and carried.source_block as block_shown,
    case
        when
            carried.committed_limit_cents = carried.source_limit_cents
            and not (carried.next_own_block and not coalesce(carried.shown_block, true))
            then null
        when carried.action = 'freeze' or carried.committed_limit_cents <> carried.limit_cents
            then effective_on
        else coalesce(carried.past_expected_on, carried.as_of + 1)
    end as expected_on,
    case
        when carried.action = 'offer' and carried.route = 'automatic' then carried.proposed_limit_cents
        when carried.committed_limit_cents <= carried.limit_cents then carried.standing_offer_cents
    end as offered_limit_cents,
    case
        when carried.action = 'offer' and carried.route = 'automatic' then carried.as_of + carried.offer_days
        when carried.committed_limit_cents <= carried.limit_cents then carried.standing_offer_until
    end as offer_until,
    carried.customer_limit_cents,
    carried.customer_limit_on,
    carried.own_loss_rate_e8,
    case when carried.own_loss_rate_e8 is not null then carried.ead_cents end as ead_cents,
    carried.loss_cents,
    coalesce(cover_part.covers, []) as covers,
    case when carried.own_loss_rate_e8 is not null then carried.obligor_owed_loss_cents end
        as obligor_owed_loss_cents,
    case when carried.own_loss_rate_e8 is not null then carried.obligor_loss_cents end as obligor_loss_cents,
    case
        when carried.sets_anchor or carried.anchor_covers is null then coalesce(cover_part.covers, [])
        else carried.anchor_covers
    end as next_anchor_covers,
    carried.as_of as decided_on,
    carried.former_pd_bp,
    carried.grade_by_former,
    case
        when carried.in_grace or carried.conduct_points is null then carried.past_conduct_points
        else carried.conduct_points
    end as conduct_points,
    coalesce(ground_list.grounds, []) as grounds,
    case
        when
            carried.is_free and carried.consent_given and carried.consented_limit_cents is not null
            and carried.consent_on > carried.since and carried.consent_on <= carried.as_of
            then carried.consented_limit_cents
    end as requested_limit_cents,
    case
        when carried.action = 'freeze' and carried.proposed_action <> 'freeze' then 'meanwhile'
        when carried.action = 'freeze' then 'freeze'
        when
            requested_limit_cents > carried.proposed_limit_cents
            or (requested_limit_cents is not null and carried.action <> 'increase')
            then 'request'
        when carried.action = 'decrease' then 'decrease'
    end as adverse_change
from carried
cross join pol_setting
left join cover_part on carried.facility_id = cover_part.facility_id
left join ground_list on carried.facility_id = ground_list.facility_id
left join law_outcome on carried.facility_id = law_outcome.facility_id
