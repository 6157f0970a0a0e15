"""What letters are made of: their kinds, the figures they name, and the sections each has a place for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from linewatch import advice

SECTIONS = ("facts", "reasons", "causes", "advice", "refusal", "bureau", "equal_credit")
"""Each is a paragraph of its own in a template, and left out of a letter that has nothing to say in it."""
_ADVERSE = frozenset({"facts", "reasons", "advice", "refusal", "bureau", "equal_credit"})
_PLAIN = frozenset({"facts"})

LETTERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "decrease": _ADVERSE | {"causes"},
        "freeze": _ADVERSE,
        "freeze_estate": frozenset({"facts", "reasons"}),
        "freeze_victim": frozenset({"facts", "reasons"}),
        "unfreeze": _PLAIN,
        "increase": frozenset({"facts", "causes"}),
        "offer": _PLAIN,
        "rate": _PLAIN,
        "correction": _PLAIN,
        "promise_kept": _PLAIN,
        "invitation": _PLAIN,
        "early_warning": frozenset({"facts", "reasons", "advice", "refusal"}),
    }
)
"""Every kind of letter, with the sections that its template has a place for."""
AHEAD = ("invitation", "early_warning")
"""They tell of no change: a line may get one beside a letter that does."""
WITH_REASONS = frozenset(kind for kind, sections in LETTERS.items() if "reasons" in sections)

LABELS = (
    "facility",
    "limit",
    "old_limit",
    "new_limit",
    "offered_limit",
    "warned_limit",
    "old_rate",
    "new_rate",
    "effective_on",
    "warned_on",
    "decided_on",
    "promised_on",
    "meeting",
    "reply_by_on",
)
SALUTATIONS = ("named", "unnamed", "estate_named", "estate_unnamed")
READERS = ("consumer", "enterprise")
MEETINGS = ("interview", "site_visit")
"""What somebody may be invited to: kinds of cases (linewatch/case.py)."""

NEEDED_FIELDS = frozenset(
    {
        "salutation",
        "lender",
        "complaints_address",
        "regulator_address",
        "written_on",
        "reference",
    }
)
"""Without these a letter would not say who says it and when, where to contest it, and what to name then."""
FIELDS = NEEDED_FIELDS | {"facility_id", "you"}

CAUSES = (
    "conduct",
    "elapsed_time",
    "security",
    "related",
    "market",
    "data",
    "model",
    "policy",
    "regulation",
    "carried",
)
"""What may have moved a limit, in a letter's order: the five drivers of circumstances first."""

SECTION_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "causes": frozenset({"since_on"}),
        "advice": frozenset(),
        "refusal": frozenset(),
        "bureau": frozenset({"bureau", "bureau_address", "bureau_phone"}),
        "equal_credit": frozenset({"regulator_address"}),
    }
)
"""What the words of a section must hold: those of causes and of advice are headings."""
ADVICE_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {code: frozenset({"by_on", "amount"} if "pay_down" in code else {"by_on"}) for code in advice.ACTIONS}
    | dict.fromkeys(advice.NOTHING, frozenset[str]())
)
"""An action is a clause that stands after an if; why there is no advice is told in whole sentences."""
STANDING_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    dict.fromkeys(("indication", "no_further", "promise"), frozenset({"action", "limit", "counts_on"}))
)
"""The sentence around an action."""
