-- One row per line that goes to a person tonight, with what was seen of it: the evidence as it stands now.
-- Harm is what the proposed change would move; where none is proposed, what the line may lose (PD x limit or
-- what is owed). It is in the reporting currency, rounded down; null where no rate is known.
select
    decisions.facility_id,
    decisions.borrower_id,
    decisions.currency,
    decisions.limit_cents,
    decisions.proposed_limit_cents,
    decisions.triggers,
    case
        when
            list_has_any(decisions.triggers, cast($site_triggers as varchar[]))
            or list_has_any(decisions.triggers, meeting_of_segment.site_visit)
            then 'site_visit'
        when
            list_has_any(decisions.triggers, cast($interview_triggers as varchar[]))
            or list_has_any(decisions.triggers, meeting_of_segment.interview)
            then 'interview'
        else 'desk_review'
    end as kind,
    cast(quotient(
        case
            when decisions.proposed_limit_cents <> decisions.limit_cents
                then abs(cast(decisions.proposed_limit_cents - decisions.limit_cents as hugeint))
            else
                quotient(
                    cast(greatest(decisions.limit_cents, decisions.owed_cents) as hugeint)
                    * coalesce(decisions.pd_bp, 10000),
                    10000
                )
        end * fx_latest.rate_ppm,
        1000000
    ) as bigint) as harm_cents,
    struct_pack(
        facility_id := decisions.facility_id,
        segment := decisions.segment,
        product := decisions.product,
        currency := decisions.currency,
        grade := decisions.grade,
        score := decisions.score,
        pd_bp := decisions.pd_bp,
        unknown_share_bp := decisions.unknown_share_bp,
        due_because := decisions.due_because,
        limit_cents := decisions.limit_cents,
        owed_cents := decisions.owed_cents,
        days_past_due := decisions.days_past_due,
        utilisation_bp := decisions.utilisation_bp,
        anchor_limit_cents := decisions.anchor_limit_cents,
        anchor_on := decisions.anchor_on,
        walk := [
            struct_pack(
                step := 'gate', after_cents := decisions.after_gate_cents,
                row := decisions.gate_row, value := decisions.gate_value
            ),
            struct_pack(
                step := 'strategy', after_cents := decisions.after_strategy_cents,
                row := decisions.strategy_row, value := decisions.strategy_value
            ),
            struct_pack(
                step := 'relationship', after_cents := decisions.after_relationship_cents,
                row := decisions.relationship_row, value := decisions.relationship_value
            ),
            struct_pack(
                step := 'affordability', after_cents := decisions.after_affordability_cents,
                row := decisions.affordability_row, value := decisions.affordability_value
            ),
            struct_pack(
                step := 'expected_loss', after_cents := decisions.after_expected_loss_cents,
                row := decisions.expected_loss_row, value := decisions.expected_loss_value
            ),
            struct_pack(
                step := 'stability', after_cents := decisions.after_stability_cents,
                row := decisions.stability_row, value := decisions.stability_value
            ),
            struct_pack(
                step := 'exposure', after_cents := decisions.after_exposure_cents,
                row := decisions.exposure_row, value := decisions.exposure_value
            ),
            struct_pack(
                step := 'regulation', after_cents := decisions.after_regulation_cents,
                row := decisions.regulation_row, value := decisions.regulation_value
            ),
            struct_pack(
                step := 'floor', after_cents := decisions.after_floor_cents,
                row := decisions.floor_row, value := decisions.floor_value
            )
        ],
        action := decisions.action,
        proposed_limit_cents := decisions.proposed_limit_cents,
        reasons := decisions.reasons,
        triggers := decisions.triggers
    ) as evidence
from decisions
left join fx_latest on fx_latest.currency = decisions.currency
left join meeting_of_segment on decisions.segment = meeting_of_segment.segment
where decisions.route = 'referred'
order by decisions.facility_id
