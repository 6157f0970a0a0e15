"""What the walk asks of a borrower beside the score, said once a borrower and not once a line."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.peers.pyspark_peer.business import FACTORS
from benchmarks.peers.pyspark_peer.text import Policy, day

AS_THEY_STAND = (
    "borrower_type jurisdiction consent_on consent_stands limit_increase net_monthly_income_cents"
    " essential_cents all_limits_cents ebit_cents interest_expense_cents operating_cash_flow_cents"
    " debt_service_due_12m_cents known trade_age_months period_end statement_age_months"
    " tenure_months slotted_on"
).split()


def facts(policy: Policy, as_of: date) -> dict[str, str]:
    """Facts by name, over a row of all that is known of a borrower."""
    (slotting,) = policy["pol_slotting"]
    since, tonight = day(as_of - timedelta(days=31)), day(as_of)
    marks = " + ".join(
        f"coalesce(if(slot_counts, slot_{name}, null), {slotting['unknown_counts']})"
        f" * {slotting[f'{name}_weight_bp']}"
        for name in FACTORS
    )
    return {
        "borrower_block": f"""case
            when deceased_on <= {tonight} then 'deceased'
            when fraud_flag = 'first_party' then 'first_party_fraud'
            when borrower_dpd >= 90 then 'default_90_dpd'
            when freeze_kind is not null then 'treatment_' || freeze_kind
            when fraud_flag = 'victim' then 'fraud_victim_block' end""",
        "borrower_may_not_rise": "coalesce(borrower_dpd > 0, false)"
        f" or coalesce(hardship_on <= {tonight}, false)"
        " or no_rise_kind is not null or coalesce(fraud_flag = 'suspected', false)"
        " or identity_verified_on is null",
        "is_held": "hold_kind is not null",
        # Nothing was looked at before, so an event counts since 31 days back.
        "event": f"""case
            when bureau_on > {since} and (worst_dpd_now >= 30 or public_record_count > 0) then 'bureau_alert'
            when statement_on > {since} then 'statement_received'
            when income_verified_on > {since} and income_verified_on <= {tonight} then 'income_received'
            end""",
        "in_default": "coalesce(is_default, false)",
        "has_statement": "coalesce(is_told, false)",
        "revenue_cents": "if(coalesce(is_told, false), revenue_cents, trade_revenue_cents)",
        "external_payment_cents": "monthly_payment_cents",
        "proven_on": "if(income_kind = 'verified', income_verified_on, null)",
        "slot_counts": f"add_months(slotted_on, {slotting['assessment_months']}) > {tonight}",
        "slot_score": marks,
    }


FACTS = [
    "borrower_id",
    *AS_THEY_STAND,
    *"borrower_block borrower_may_not_rise is_held event in_default has_statement revenue_cents".split(),
    *"external_payment_cents proven_on slot_score".split(),
]
