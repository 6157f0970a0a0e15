"""What becomes of a case whose day passes: a rise lapses, anything else goes up, and nothing is ever cut."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from linewatch.casework import Casework, Done, why_not

Expiry = Literal["", "lapsed", "escalated"]
RISES = frozenset({"increase", "offer"})
BY = "linewatch"
UNKNOWN = ""


def expiry(work: Casework, proposed: Collection[str]) -> Expiry:
    """What is done to a case that stands so when its day has passed; empty: it is left alone.

    `proposed` are the actions that its lines propose. It lapses where nothing but rises would be lost and
    nobody has decided it or asked for it again; what is decided and agreed on waits for its settlement.
    """
    if why_not(work, Done("escalated", BY)):
        return ""
    only_rises = bool(proposed) and set(proposed) <= RISES
    return "lapsed" if only_rises and not why_not(work, Done("lapsed", BY)) else "escalated"


def proposed(seen: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each line of a case proposes, by its id: the action of the night that last saw it.

    `seen` is the case as nights wrote it, the oldest first. A line without evidence proposes nothing known.
    """
    found: dict[str, str] = {}
    for case in seen:
        evidence = json.loads(case.get("evidence") or "{}")
        told = {line["facility_id"]: line["action"] for line in evidence.get("lines", ())}
        found |= {line: told.get(line, UNKNOWN) for line in case.get("facility_ids") or told}
    return found
