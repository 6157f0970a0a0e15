"""What a record of law may ask, and what this version does about it: a closed list.

A record that were read and not enforced would be believed. What nothing enforces has the measure `shown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Kind = Literal["gate", "cap", "rate", "block", "duty"]
Fact = Literal["net_assets_cents", "tier1_cents", "currency", "reference"]


@dataclass(frozen=True)
class Measure:
    """One thing that a record may ask."""

    unit: str
    """Of its value; empty where it has none."""
    enforced: str
    """What is done about it, for docs/regulation.md."""
    extra: tuple[str, ...] = ()
    """Further keys that it reads."""
    needs: tuple[Fact, ...] = field(default=())
    """Facts without which it cannot be applied: a pack that lacks one is refused by name."""


DEBT = Measure(
    "months of income",
    "unsecured debt on the bureau's reports of `for_months` calendar months in a row",
    ("for_months",),
)
PERSISTENT = Measure(
    "months",
    "fees and interest over these months against principal repaid",
    ("least_cents", "currency"),
    ("currency",),
)
CENTS = ("currency",)

GATES: Mapping[str, Measure] = MappingProxyType(
    {
        "income_known": Measure("", "no rise while income (a firm's revenue) is unknown"),
        "income_verified": Measure("", "no rise while income is not verified"),
        "obligations_known": Measure("", "no rise while payments to other lenders are unknown"),
        "annual_income_least_cents": Measure("cents", "no rise under this annual income", CENTS),
        "no_opt_out": Measure("", "no rise and no offer where the borrower opted out"),
        "no_difficulty": Measure("", "no rise in hardship, arrears, or a treatment for either"),
        "dpd_below_days": Measure("days", "no rise at so many days past due, with us or elsewhere"),
        "identity_verified": Measure("", "no rise while identity is not verified"),
        "debt_income_months": Measure(DEBT.unit, f"no rise: {DEBT.enforced}", DEBT.extra),
        "persistent_debt_months": Measure(
            PERSISTENT.unit, f"no rise: {PERSISTENT.enforced}", PERSISTENT.extra, PERSISTENT.needs
        ),
        "consent_to_amount": Measure("", "a rise without consent to its amount is an offer"),
    }
)
CAPS: Mapping[str, Measure] = MappingProxyType(
    {
        "line_limit_cents": Measure("cents", "the highest limit of a line", CENTS, ("currency",)),
        "borrower_limit_cents": Measure("cents", "the sum of a borrower's limits", CENTS, ("currency",)),
        "borrower_net_assets_bp": Measure(
            "bp", "a borrower's limits as a share of net assets", (), ("net_assets_cents",)
        ),
        "group_net_assets_bp": Measure(
            "bp", "a control group's limits as a share of net assets", (), ("net_assets_cents",)
        ),
        "borrower_tier1_bp": Measure(
            "bp", "a borrower's limits as a share of tier 1 capital", (), ("tier1_cents",)
        ),
        "group_tier1_bp": Measure(
            "bp", "a control group's limits as a share of tier 1 capital", (), ("tier1_cents",)
        ),
        "borrower_income_months": Measure(
            "months of income", "the sum of a borrower's limits as monthly incomes", CENTS, ("currency",)
        ),
    }
)
RATES: Mapping[str, Measure] = MappingProxyType(
    {
        "highest_rate_bp": Measure("bp", "the highest annual rate of new drawings"),
        "reference_rate_bp": Measure(
            "bp of the reference rate",
            "the highest annual rate of new drawings, as a share of a reference rate",
            ("reference",),
            ("reference",),
        ),
    }
)
BLOCKS: Mapping[str, Measure] = MappingProxyType(
    {
        "debt_income_months": Measure(DEBT.unit, f"no new drawing: {DEBT.enforced}", DEBT.extra),
        "persistent_debt_months": Measure(
            PERSISTENT.unit,
            f"no new drawing without a payment plan: {PERSISTENT.enforced}",
            PERSISTENT.extra,
            PERSISTENT.needs,
        ),
        "identity_verified": Measure("", "no new drawing while identity is not verified"),
    }
)
DUTIES: Mapping[str, Measure] = MappingProxyType(
    {
        "reassess_months": Measure("months", "a review falls due; a month overdue, no rise"),
        "notice_before_days": Measure("days", "a decrease takes effect no earlier"),
        "notice_deadline_days": Measure("days", "the day by which a letter must be out"),
        "most_reasons": Measure("reasons", "no letter tells more"),
        "human_review": Measure("", "every decrease is a person's"),
        "human_review_on_request": Measure("", "a decrease is a person's where the borrower objects"),
        "reasons_told": Measure("", "no letter of decrease or freeze goes out without a reason"),
        "no_causes_in_letters": Measure("", "no letter says what moved the limit, whatever else asks for it"),
        "letter_causes": Measure("", "a letter says what moved the limit, in a section of its own"),
        "bureau_named": Measure("", "a letter of decrease or freeze names the bureau whose report was used"),
        "equal_credit_notice": Measure("", "a letter of decrease or freeze has the notice on equal credit"),
        "kept_months": Measure("months", "no erasure of a borrower so long after their last decision"),
        "shown": Measure("as told", "nothing: it is for people", ("unit",)),
    }
)
MEASURES: Mapping[Kind, Mapping[str, Measure]] = MappingProxyType(
    {"gate": GATES, "cap": CAPS, "rate": RATES, "block": BLOCKS, "duty": DUTIES}
)
OF_LETTERS = ("letter_causes", "no_causes_in_letters", "bureau_named", "equal_credit_notice")
"""Duties of the wording alone, which goes by country and kind of borrower: they read no other scope."""
EXTRA_KEYS = ("for_months", "least_cents", "currency", "reference", "unit")
