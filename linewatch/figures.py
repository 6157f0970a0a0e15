"""The borrower's own figures that stand beside a reason in its letter: which, and when they bear it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Figure:
    """A characteristic (linewatch/characteristics.toml); its name ends in its unit, `_bp`, else a number."""

    name: str
    least: int = 1
    most: int = 10**9
    """Beyond these the figure does not bear the reason out, or was cut off at the edge of its range."""

    def bears_out(self, value: int | None) -> bool:
        return value is not None and self.least <= value <= self.most


_CUT_BP = 29_999
DUE = Figure("debt_service_to_income_bp", 2_000, _CUT_BP)

FIGURES: Mapping[str, tuple[Figure, ...]] = MappingProxyType(
    {
        "late_payments": (Figure("dpd_now_days"), Figure("late_months_12m")),
        "default_90_dpd": (Figure("dpd_now_days", 90),),
        "utilisation": (Figure("utilisation_3m_bp", 3_000, _CUT_BP),),
        "payment_share": (
            Figure("payment_share_balance_3m_bp", 0, 5_000),
            Figure("payment_share_due_6m_bp", 0, 9_999),
        ),
        "external_debt": (Figure("external_utilisation_bp", 3_000, _CUT_BP),),
        "external_arrears": (Figure("external_dpd_24m_days"),),
        "inquiries": (Figure("external_inquiries_6m", 2),),
        "public_record": (Figure("public_records"),),
        "tenure": (Figure("tenure_months", 0, 60),),
        "cash_use": (Figure("cash_like_share_3m_bp", 500, 10_000),),
        "spending_pressure": (Figure("essential_to_income_bp", 3_000, _CUT_BP),),
        "income": (DUE,),
        "obligations_excessive": (DUE,),
        "activity": (Figure("inactive_months_12m", 2),),
        "liquidity": (Figure("current_ratio_bp", 0, 20_000),),
        "leverage": (Figure("leverage_bp", 5_000, _CUT_BP),),
        "profitability": (Figure("margin_bp", 0, 1_500),),
        "interest_cover": (Figure("interest_cover_bp", 0, 50_000),),
        "cash_flow": (Figure("cash_flow_cover_bp", 0, 20_000),),
        "trade_sales": (Figure("trade_active_months_12m", 0, 11),),
        "trade_margin": (Figure("purchases_to_sales_bp", 5_000, 99_999),),
        "trade_invoices": (Figure("sales_returns_share_bp", 100, _CUT_BP),),
        "customer_concentration": (Figure("customer_concentration_bp", 2_000, 10_000),),
        "statement_age": (Figure("statement_age_months"),),
    }
)
"""By reason code: the first that bears it out is told. All are of the borrower alone: none is of their group,
of whoever stands behind a line, or of other people."""

NAMES = tuple(sorted({figure.name for figures in FIGURES.values() for figure in figures}))
