"""What the generated lender can do wrong on purpose: one fault for each promise that sets a row aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LEAST_ROWS = 9
"""A fault may be planted this often in any table: the suites let twenty rows break a warning."""
ROWS_A_FAULT = 500
"""In a large table a fault spoils at most one row in this many; the suites let one in two hundred pass."""


@dataclass(frozen=True)
class Fault:
    """A way for a row to break one promise of its table's suite, and no other that is not named."""

    breaks: str
    """The expectation's name."""
    edit: str = ""
    """What becomes of a part of the row's key: unknown, empty, long, future, second_day, lower, self, gap."""
    part: int = 0
    """Which part of the key, from 1; 0 where the key stays."""
    beside: bool = False
    """Planted as a row more, because moving the row would break another promise."""
    among: str = "any"
    """The candidates it may be planted in, where any row will not do."""
    also: tuple[str, ...] = ()
    """Other promises that the same row cannot help breaking."""
    month_end: bool = False
    """Can be seen only where as_of is the last day of a month."""


def _orphan(breaks: str) -> Fault:
    return Fault(breaks, "unknown", 1, beside=True)


def _plain(names: str) -> tuple[Fault, ...]:
    return tuple(Fault(name) for name in names.split())


FAULTS: dict[str, tuple[Fault, ...]] = {
    "assessment": (
        _orphan("assessment_has_its_borrower"),
        Fault("assessment_is_past", "future", 2),
        *_plain("market_position_is_a_mark management_quality_is_a_mark assessor_is_given"),
        *_plain("slotting_financial_strength_is_a_mark slotting_political_legal_is_a_mark"),
        *_plain("slotting_transaction_is_a_mark slotting_sponsor_is_a_mark slotting_security_is_a_mark"),
    ),
    "borrower": (
        Fault("borrower_id_has_text", "long", 1, beside=True),
        *_plain(
            "borrower_type_is_given borrower_type_is_known jurisdiction_is_given jurisdiction_is_two_capitals"
        ),
        *_plain("onboarded_on_is_a_past_day identity_verified_on_is_past annual_income_is_not_negative"),
        *_plain("net_monthly_income_is_not_negative income_kind_is_known income_verified_on_is_past"),
        *_plain("housing_cost_is_not_negative language_is_known hardship_on_is_past deceased_on_is_past"),
        *_plain("fraud_flag_is_known borrower_amounts_are_computable"),
    ),
    "bureau_report": (
        _orphan("bureau_report_has_its_borrower"),
        Fault("bureau_report_is_past", "future", 2),
        *_plain("bureau_lender_count_is_not_negative bureau_inquiries_6m_is_not_negative"),
        *_plain("bureau_worst_dpd_now_is_not_negative bureau_worst_dpd_24m_is_not_negative"),
        *_plain("bureau_public_record_count_is_not_negative bureau_external_balance_is_not_negative"),
        *_plain("bureau_external_limit_is_not_negative bureau_unsecured_revolving_is_not_negative"),
        *_plain("bureau_monthly_payment_is_not_negative worst_dpd_covers_today"),
        *_plain("bureau_report_amounts_are_computable"),
    ),
    "consent": (
        _orphan("consent_has_its_borrower"),
        Fault("consent_kind_is_known", "unknown", 2),
        Fault("consent_is_past", "future", 3),
        *_plain("consent_is_withdrawn_after_it_is_granted consent_amount_is_not_negative"),
        *_plain("consent_line_is_the_borrowers"),
    ),
    "control_link": (
        _orphan("control_link_has_its_borrower"),
        Fault("control_link_joins_two", "self", 2),
        Fault("control_link_kind_is_known", "unknown", 3),
        *_plain("control_share_is_a_share control_link_ends_after_it_begins"),
    ),
    "facility": (
        Fault("facility_id_has_text", "long", 1, beside=True),
        *_plain("facility_borrower_is_given facility_has_its_borrower product_is_given product_is_known"),
        *_plain("currency_is_given foreign_currency_has_a_rate credit_limit_is_given drawn_is_given"),
        Fault("currency_is_three_capitals", also=("foreign_currency_has_a_rate",)),
        *_plain("annual_rate_is_plausible opened_on_is_a_past_day maturity_follows_opening status_is_given"),
        Fault("days_past_due_is_plausible", among="closed"),
        *_plain("status_is_known statement_day_is_a_day last_limit_change_is_past last_change_by_is_known"),
        *_plain("last_review_is_past commitment_is_known scheduled_limit_is_not_negative"),
        *_plain("temporary_limit_is_not_negative facility_amounts_are_computable"),
        *_plain("limit_agrees_with_last_month days_past_due_agree_with_last_month"),
        Fault("balance_agrees_with_last_month", month_end=True),
    ),
    "facility_month": (
        _orphan("facility_month_has_its_facility"),
        Fault("facility_month_is_a_first_day", "second_day", 2),
        Fault("facility_months_have_no_gap", "gap", 2),
        *_plain("month_closing_balance_is_given month_limit_is_given month_payment_due_is_given"),
        *_plain("month_payment_made_is_given month_days_past_due_is_given month_drawdown_count_is_given"),
        *_plain(
            "month_drawdown_is_given month_payment_made_is_not_negative month_days_past_due_is_plausible"
        ),
        *_plain("month_drawdown_count_is_not_negative month_drawdown_is_not_negative"),
        *_plain("facility_month_amounts_are_computable"),
    ),
    "financial_statement": (
        _orphan("financial_statement_has_its_borrower"),
        Fault("statement_period_is_past", "future", 2),
        *_plain(
            "statement_follows_its_period statement_covers_whole_months statement_currency_is_three_capitals"
        ),
        *_plain("statement_amounts_are_given revenue_is_not_negative interest_expense_is_not_negative"),
        Fault("total_assets_are_not_negative", also=("current_assets_lie_within_total",)),
        *_plain("statement_parts_are_not_negative current_assets_lie_within_total balance_sheet_balances"),
        *_plain("current_liabilities_lie_within_total short_term_debt_lies_within_total"),
        *_plain("financial_statement_amounts_are_computable"),
    ),
    "fx_rate": (
        Fault("fx_currency_is_three_capitals", "lower", 1),
        Fault("fx_rate_is_past", "future", 2),
        *_plain("fx_rate_is_given fx_rate_is_computable"),
    ),
    "guarantee": (
        Fault("guarantee_has_its_facility", "unknown", 1, beside=True),
        *_plain("guarantee_kind_is_given guarantee_kind_is_known guarantee_provider_is_given"),
        *_plain("covered_share_is_given covered_share_is_a_share guarantee_cap_is_not_negative"),
        *_plain("guarantee_value_is_not_negative guarantee_was_valued guarantee_begin_is_given"),
        *_plain("guarantee_ends_after_it_begins guarantee_amounts_are_computable"),
    ),
    "project_status": (
        Fault("project_status_has_its_facility", "unknown", 1, beside=True),
        Fault("project_report_is_past", "future", 2),
        *_plain("project_phase_is_given completion_is_given completion_is_a_share dscr_is_plausible"),
        *_plain("cost_to_complete_is_not_negative covenant_is_given draw_stop_is_given"),
    ),
    "reference_rate": (
        Fault("reference_rate_name_has_text", "empty", 1),
        Fault("reference_rate_is_past", "future", 2),
        *_plain("reference_rate_is_given reference_rate_is_plausible"),
    ),
    "social_link": (
        _orphan("social_link_has_its_borrower"),
        Fault("social_link_joins_two", "self", 2),
        Fault("social_link_kind_is_known", "unknown", 3),
    ),
    "spending_month": (
        _orphan("spending_month_has_its_borrower"),
        Fault("spending_month_is_a_first_day", "second_day", 2),
        Fault("spending_months_have_no_gap", "gap", 2),
        *_plain(
            "essential_spending_is_given essential_spending_is_not_negative discretionary_spending_is_given"
        ),
        *_plain("discretionary_spending_is_not_negative cash_like_spending_is_given"),
        *_plain("cash_like_spending_is_not_negative spending_month_amounts_are_computable"),
    ),
    "trade_month": (
        _orphan("trade_month_has_its_borrower"),
        Fault("trade_month_is_a_first_day", "second_day", 2),
        *_plain(
            "trade_currency_is_three_capitals trade_counts_are_not_negative void_invoices_lie_within_all"
        ),
        *_plain("trade_sales_are_given trade_sales_returns_are_given trade_purchases_are_given"),
        *_plain("trade_purchase_returns_are_given trade_sales_are_not_negative"),
        *_plain("trade_sales_returns_are_not_negative trade_purchases_are_not_negative"),
        *_plain("trade_purchase_returns_are_not_negative largest_customer_lies_within_sales"),
        *_plain("largest_supplier_lies_within_purchases trade_month_amounts_are_computable"),
    ),
    "treatment": (
        _orphan("treatment_has_its_borrower"),
        Fault("treatment_kind_is_known", "unknown", 2),
        *_plain("treatment_ends_after_it_begins"),
    ),
}
"""Every fault by table; a test holds the names against the suites."""


def fault_rows(rows: dict[str, int], share_ppm: int, *, month_end: bool) -> Iterator[dict[str, Any]]:
    """One row a fault for the table bad_kind: how it edits the key, and in how many rows it is planted.

    `share_ppm` of a table's rows are shared among its faults, at least one each, and never so many
    that a suite would refuse the night rather than set rows aside.
    """
    for table, faults in FAULTS.items():
        used = [fault for fault in faults if month_end or not fault.month_end]
        for among in dict.fromkeys(fault.among for fault in used):
            group = [fault for fault in used if fault.among == among]
            wanted = rows[table] * share_ppm // 1_000_000 // len(used)
            most = max(LEAST_ROWS, rows[table] // ROWS_A_FAULT)
            for position, fault in enumerate(group):
                yield {
                    "table_name": table,
                    "kind": fault.breaks,
                    "also": " ".join(fault.also),
                    "edit": fault.edit,
                    "part": fault.part,
                    "beside": fault.beside,
                    "among": among,
                    "position": position,
                    "kinds": len(group),
                    "most_rows": min(max(1, wanted), most),
                }
