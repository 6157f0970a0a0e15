-- One row per decision: its canonical form, which the root hashes (docs/adr: what the root is). A JSON
-- array of integers and text in the order of linewatch.proof.FIELDS, the schema's version first, unknown as
-- null, text in NFC, days as ISO text, flags as 0 and 1, a reason as [code, family, points, cents]; before
-- it the length in bytes and a colon, after it a line feed. In the order of facility_id.
with canonical as (
    select
        decisions.facility_id,
        cast(json_array(
            1,
            nfc_normalize(decisions.facility_id),
            nfc_normalize(decisions.borrower_id),
            nfc_normalize(decisions.group_id),
            nfc_normalize(decisions.segment),
            nfc_normalize(decisions.product),
            nfc_normalize(decisions.currency),
            nfc_normalize(decisions.jurisdiction),
            nfc_normalize(decisions.borrower_type),
            nfc_normalize(decisions.scorecard),
            decisions.score,
            decisions.pd_bp,
            nfc_normalize(decisions.grade),
            decisions.unknown_share_bp,
            cast(decisions.due as integer),
            nfc_normalize(decisions.due_because),
            cast(decisions.next_due_on as varchar),
            decisions.limit_cents,
            decisions.source_limit_cents,
            nfc_normalize(decisions.limit_origin),
            decisions.drawn_cents,
            decisions.owed_cents,
            decisions.days_past_due,
            decisions.utilisation_bp,
            nfc_normalize(decisions.utilisation_band),
            decisions.anchor_limit_cents,
            cast(decisions.anchor_on as varchar),
            decisions.after_gate_cents,
            nfc_normalize(decisions.gate_row),
            decisions.gate_value,
            decisions.after_strategy_cents,
            nfc_normalize(decisions.strategy_row),
            decisions.strategy_value,
            decisions.after_relationship_cents,
            nfc_normalize(decisions.relationship_row),
            decisions.relationship_value,
            decisions.after_affordability_cents,
            nfc_normalize(decisions.affordability_row),
            decisions.affordability_value,
            decisions.after_expected_loss_cents,
            nfc_normalize(decisions.expected_loss_row),
            decisions.expected_loss_value,
            decisions.after_stability_cents,
            nfc_normalize(decisions.stability_row),
            decisions.stability_value,
            decisions.after_exposure_cents,
            nfc_normalize(decisions.exposure_row),
            decisions.exposure_value,
            decisions.after_regulation_cents,
            nfc_normalize(decisions.regulation_row),
            decisions.regulation_value,
            decisions.after_floor_cents,
            nfc_normalize(decisions.floor_row),
            decisions.floor_value,
            decisions.proposed_limit_cents,
            decisions.binding_steps,
            nfc_normalize(decisions.binding_step),
            decisions.rate_bp,
            decisions.proposed_rate_bp,
            nfc_normalize(decisions.action),
            nfc_normalize(decisions.route),
            decisions.triggers,
            decisions.rules,
            list_transform(
                decisions.reasons, lambda r: json_array(r.code, r.family, r.points, r.cents)
            ),
            decisions.reasons_truncated,
            nfc_normalize(decisions.hold_because),
            cast(decisions.effective_on as varchar),
            decisions.test_digit,
            cast(decisions.quarantined as integer),
            cast(decisions.drawdown_blocked as integer),
            decisions.committed_limit_cents,
            cast(decisions.own_block as integer),
            decisions.improve_reviews,
            decisions.next_anchor_limit_cents,
            cast(decisions.next_anchor_on as varchar),
            decisions.fired_target_bp,
            cast(decisions.fired_on as varchar),
            cast(decisions.plan_open as integer),
            cast(decisions.last_decrease_on as varchar),
            cast(decisions.last_increase_on as varchar),
            cast(decisions.reviewed_on as varchar),
            cast(decisions.looked_at_on as varchar),
            decisions.looked_at_dpd,
            cast(decisions.offered_on as varchar),
            decisions.standing_grade,
            decisions.band_limit_cents,
            decisions.law_limit_cents,
            decisions.temporary_cents,
            cast(decisions.block_lifted as integer),
            cast(decisions.block_shown as integer),
            cast(decisions.expected_on as varchar),
            decisions.offered_limit_cents,
            cast(decisions.offer_until as varchar),
            decisions.customer_limit_cents,
            cast(decisions.customer_limit_on as varchar),
            decisions.own_loss_rate_e8,
            decisions.ead_cents,
            decisions.loss_cents,
            list_transform(
                decisions.covers,
                lambda c: json_array(
                    c.guarantee_id, c.kind, c.provider_id, c.share_bp, c.most_cents, c.days, c.loss_rate_e8,
                    c.covered_cents
                )
            ),
            decisions.obligor_owed_loss_cents,
            decisions.obligor_loss_cents,
            list_transform(
                decisions.next_anchor_covers,
                lambda c: json_array(
                    c.guarantee_id, c.kind, c.provider_id, c.share_bp, c.most_cents, c.days, c.loss_rate_e8,
                    c.covered_cents
                )
            )
        ) as varchar) as content
    from decisions
)

select
    encode(cast(strlen(canonical.content) as varchar) || ':' || canonical.content || chr(10)) as canonical_row
from canonical
order by canonical.facility_id
