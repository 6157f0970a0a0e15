"""Reading again, years later, the documents that a batch was decided by.

They are read as plain tables and not through today's models: a document that was whole on its night
stays readable when a later version of Linewatch asks for more.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from linewatch.notice import Language

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """The documents of one batch."""

    policy: Table = field(default_factory=dict)
    notices: Table = field(default_factory=dict)
    profile: Table = field(default_factory=dict)
    packs: Mapping[str, Table] = field(default_factory=dict)
    scorecards: Mapping[str, Table] = field(default_factory=dict)

    def words(self, room: str, code: str, language: Language) -> str:
        """What the notices say for a code of a reason, hold, trigger, step or action; else the code."""
        said: str = self.notices.get(room, {}).get(code, {}).get(language, "")
        return said or code.replace("_", " ")


def recorded(texts: Iterable[str]) -> Recorded:
    """The documents among these texts, each known by the keys that only its kind has."""
    found: dict[str, Any] = {"packs": {}, "scorecards": {}}
    for text in texts:
        data = _read(text)
        if "letter" in data:
            found["notices"] = data
        elif "segment" in data and "strategy" in data:
            found["policy"] = data
        elif "characteristic" in data:
            standing = found["scorecards"].get(data["id"], data)
            found["scorecards"][data["id"]] = max(standing, data, key=lambda card: card["effective_from"])
        elif "record" in data:
            found["packs"][data["id"]] = data
        elif "licence" in data:
            found["profile"] = data
    return Recorded(**found)


# The same few documents are read for every line that is asked about.
@cache
def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text)
