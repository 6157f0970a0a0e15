"""What a proof proves, in sentences for whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verify.strict import Malformed, whole

_TEXTS = ("change_id", "facility_id", "as_of", "effective_on")
_AMOUNTS = ("old_limit_cents", "new_limit_cents")
_RATES = ("old_rate_bp", "new_rate_bp")


def check_change(change: Mapping[str, Any]) -> None:
    """Raises Malformed unless the values are of the kinds that a change has."""
    fair = (
        all(isinstance(change[name], str) for name in _TEXTS)
        and all(whole(change[name]) for name in _AMOUNTS)
        and all(change[name] is None or whole(change[name]) for name in _RATES)
        and change["blocked"] in (None, 0, 1)
    )
    if not fair:
        raise Malformed("the change has values that no change has")


def check_decision(decision: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    """Raises Malformed unless the decision is that of the change."""
    if decision["facility_id"] != change["facility_id"]:
        raise Malformed("its decision is about another line than its change")
    if decision["committed_limit_cents"] != change["new_limit_cents"]:
        raise Malformed("its decision leaves another limit in force than its change")


def change_sentences(facts: Mapping[str, Any], decision: Mapping[str, Any] | None) -> list[str]:
    """What was proven of a change; `facts` has the change and where it stands."""
    currency = decision.get("currency") if decision is not None else None
    old, new = (_money(facts[name], currency) for name in _AMOUNTS)
    went = f"went from {old} to {new}" if old != new else f"stayed at {new}"
    told = [
        f"The limit of line {facts['facility_id']} {went}, from {facts['effective_on']} on.",
        f"This is change {facts['change_id']} of the night of {facts['as_of']}, in batch {facts['batch']}.",
    ]
    old_rate, new_rate = (facts[name] for name in _RATES)
    if old_rate != new_rate:
        told.append(f"The yearly rate for new drawings went from {_rate(old_rate)} to {_rate(new_rate)}.")
    if facts["blocked"] == 1:
        told.append("Drawing on the line is blocked from then on.")
    if decision is not None:
        told.append(
            "The decision about the line stands in the same batch and leaves the same limit in force."
        )
    told += _STATES.get(facts["state"], [])
    told.append(
        f"The batch is entry {facts['entry']} of the log, whose {entries(facts['entries'])} were signed by"
        f" key {facts['key']}."
    )
    return told


def consistency_sentences(facts: Mapping[str, Any]) -> list[str]:
    """What was proven of two checkpoints."""
    old, new = facts["old_entries"], facts["new_entries"]
    return [
        f"The log of {entries(new)} (signed by key {facts['new_key']}) begins with the log of {entries(old)}"
        f" (signed by key {facts['old_key']}).",
        "Nothing that the older one held was altered or dropped.",
    ]


def entries(count: int) -> str:
    """A number of entries in words."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


_STATES = {
    "held": ["The batch was held for people to decide; this proof does not say what they decided."],
    "discarded": ["The batch was held and then thrown away: the change never took effect."],
}


def _money(cents: int, currency: Any) -> str:
    amount = f"{cents // 100:,}.{cents % 100:02d}"
    return f"{amount} {currency}" if isinstance(currency, str) else amount


def _rate(points: int | None) -> str:
    return "unknown" if points is None else f"{points // 100}.{points % 100:02d} %"
