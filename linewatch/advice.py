"""What a borrower may be told would help: closed lists of actions, and of why there is none (DOMAIN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "pay_down": "Pay so much off what is drawn on the line, by a day.",
        "on_time": "Pay everything when it is due, through a day.",
        "prove_income": "Send proof of the income that is on record, by a day.",
        "pay_down_on_time": "Pay so much off by a day, and everything when it is due.",
        "prove_income_on_time": "Send proof of the income on record, and pay everything when it is due.",
        "pay_down_prove_income": "Pay so much off by a day, and send proof of the income on record.",
    }
)
"""Each was tried on the engine before it is told; pairs have a code and words of their own."""

NOTHING: Mapping[str, str] = MappingProxyType(
    {
        "nothing_law": "A rule of law bounds the limit, whatever the borrower does.",
        "nothing_time": "Only time helps: what was tried counts for nothing within the days looked at.",
        "nothing_theirs": "What weighs lies with other lenders or the market: nothing here outweighs it.",
        "support": "Payments are late or the borrower is in hardship: support comes first.",
    }
)
"""Why there is no advice. A fraud case, a death or a line whose letter says nothing of it has no row."""

STANDINGS = ("indication", "promise", "nothing")
"""An indication is not a promise; a promise is one that a budget of the policy covers."""
