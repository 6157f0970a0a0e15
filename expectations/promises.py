"""The suites as they lie in suites/<table>.json, readable without Great Expectations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SUITES = Path(__file__).parent / "suites"
PHASES = ("structural", "value")
SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True)
class Promise:
    """One expectation of a table, with what becomes of the rows that break it."""

    table: str
    name: str
    kind: str
    """Great Expectations' type, such as expect_column_values_to_be_between."""
    severity: str
    """critical stops the night, warning sets the rows aside, info reports."""
    phase: str
    """structural: on the source's columns, before anything is typed; value: on the typed rows."""
    because: str
    limit_rows: int
    limit_share_bp: int
    configuration: dict[str, Any]
    """The entry of the suite, as Great Expectations loads it."""

    def allowed(self, total_rows: int) -> int:
        """How many rows may break a warning before the night is refused: the larger of count and share."""
        return max(self.limit_rows, total_rows * self.limit_share_bp // 10_000)

    @property
    def limit(self) -> str:
        """The limit in words, for people."""
        if self.severity != "warning":
            return "none" if self.severity == "critical" else "reported only"
        share = f"{self.limit_share_bp // 100}.{self.limit_share_bp % 100:02d} %"
        return f"{self.limit_rows} rows or {share}, the larger"


@cache
def promises(table: str) -> tuple[Promise, ...]:
    """Every expectation of the table's suite, in its order."""
    suite = json.loads((SUITES / f"{table}.json").read_text(encoding="utf-8"))
    return tuple(_promise(table, entry) for entry in suite["expectations"])


def tables() -> tuple[str, ...]:
    """The tables that have a suite, in alphabetical order."""
    return tuple(sorted(path.stem for path in SUITES.glob("*.json")))


def of_phase(listed: Iterable[Promise], phase: str) -> tuple[Promise, ...]:
    return tuple(promise for promise in listed if promise.phase == phase)


def _promise(table: str, entry: dict[str, Any]) -> Promise:
    meta = entry["meta"]
    limit = meta.get("limit", {})
    return Promise(
        table=table,
        name=meta["name"],
        kind=entry["type"],
        severity=entry["severity"],
        phase=meta["phase"],
        because=meta["because"],
        limit_rows=limit.get("rows", 0),
        limit_share_bp=limit.get("share_bp", 0),
        configuration=entry,
    )
