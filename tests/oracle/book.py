"""What a night knows before it decides: plain rows, and the questions that docs/policy.md asks of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from linewatch.documents import Documents
from linewatch.policy import Policy
from linewatch.regulation import Record
from tests.oracle.arithmetic import MILLION, add_months, up

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Book:
    """The accepted rows of a night; `lines` are all facilities, those in quarantine too."""

    as_of: date
    previous_as_of: date | None
    reporting_currency: str
    documents: Documents
    tables: Mapping[str, Sequence[Row]]
    lines: Sequence[Row]
    scores: Sequence[Row]
    past: Sequence[Row]
    changes: Sequence[Row]
    quarantined: frozenset[str]
    open_cases: frozenset[str]
    former: Mapping[str, Row] = field(default_factory=dict)
    """Of a borrower: what the former card says, and since when the card in force counts."""
    shortfalls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Of a borrower: reference points less own points, by family."""
    characteristics: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    """Of a borrower: what conditions may ask beside the facts of the line."""
    pd_steps: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    """Of a scorecard: (score_from, pd_bp)."""

    @property
    def policy(self) -> Policy:
        return self.documents.policy

    @cached_property
    def _indexes(self) -> dict[tuple[str, str], dict[Any, list[Row]]]:
        return {}

    def of(self, table: str, key: str, value: Any) -> list[Row]:
        """The rows of a table whose `key` is `value`."""
        if (table, key) not in self._indexes:
            index: dict[Any, list[Row]] = {}
            for row in self.tables.get(table, ()):
                index.setdefault(row.get(key), []).append(row)
            self._indexes[(table, key)] = index
        return self._indexes[(table, key)].get(value, [])

    @cached_property
    def borrowers(self) -> dict[str, Row]:
        return {row["borrower_id"]: row for row in self.tables["borrower"]}

    @cached_property
    def past_of(self) -> dict[str, Row]:
        return {row["facility_id"]: row for row in self.past}

    @cached_property
    def score_of(self) -> dict[str, Row]:
        return {row["borrower_id"]: row for row in self.scores}

    @cached_property
    def changes_of(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.changes:
            found.setdefault(row["facility_id"], []).append(row)
        return found

    @cached_property
    def worst_dpd(self) -> dict[str, int]:
        """Of a borrower: the most days past due on any open line; unknown counts as 0."""
        worst: dict[str, int] = {}
        for line in self.lines:
            if line["status"] != "closed":
                name = line["borrower_id"]
                worst[name] = max(worst.get(name, 0), line.get("days_past_due") or 0)
        return worst

    @cached_property
    def rate_ppm(self) -> dict[str, int]:
        """Reporting units for one unit, in millionths: the newest on or before as_of."""
        rates = {}
        for row in sorted(self.tables["fx_rate"], key=lambda row: row["as_of"]):
            if row["as_of"] <= self.as_of:
                rates[row["currency"]] = row["rate_ppm"]
        return {**rates, self.reporting_currency: MILLION}

    @cached_property
    def reference_bp(self) -> dict[str, int]:
        """Named rates: the newest on or before as_of."""
        rates = {}
        for row in sorted(self.tables.get("reference_rate", ()), key=lambda row: row["as_of"]):
            if row["as_of"] <= self.as_of:
                rates[row["name"]] = row["rate_bp"]
        return rates

    @cached_property
    def horizon_days(self) -> int:
        """Of a loss: D of the page."""
        return (add_months(self.as_of, self.policy.security.horizon_months) - self.as_of).days

    @cached_property
    def matrix(self) -> dict[tuple[str, str | None], Mapping[str, int]]:
        """Target shares by utilisation band, of a segment and its grade or slot."""
        return {(row.segment, row.rating): row.target_bp for row in self.policy.strategy}

    @cached_property
    def law_in_force(self) -> dict[str, list[Record]]:
        """Of a pack: its records in force, in the order of the law."""
        licence = self.documents.profile.licence
        return {
            name: [r for r in pack.record if self._binds_tonight(r) and r.licence in (None, licence)]
            for name, pack in self.documents.packs.items()
        }

    def _binds_tonight(self, record: Record) -> bool:
        ended = record.effective_to is not None and record.effective_to <= self.as_of
        return record.effective_from <= self.as_of and not ended

    @cached_property
    def identity_is_known_of_somebody(self) -> bool:
        return any(row.get("identity_verified_on") is not None for row in self.tables["borrower"])

    def reporting(self, cents: int, currency: str) -> int:
        """In reporting cents, rounded up."""
        return up(cents * self.rate_ppm[currency], MILLION)

    def reporting_down(self, cents: int, currency: str) -> int:
        return cents * self.rate_ppm[currency] // MILLION

    def from_reporting(self, cents: int, currency: str) -> int:
        """In the currency's cents, rounded up."""
        return up(cents * MILLION, self.rate_ppm[currency])

    @cached_property
    def group_of(self) -> dict[str, str]:
        """The first by alphabet of those tied by control links that count; absent: the borrower alone."""
        parent: dict[str, str] = {}

        def root(name: str) -> str:
            while parent.setdefault(name, name) != name:
                name = parent[name]
            return name

        for row in self.tables["control_link"]:
            if self._ties(row):
                low, high = sorted((root(row["borrower_id"]), root(row["related_borrower_id"])))
                parent[high] = low
        return {name: root(name) for name in list(parent)}

    def _ties(self, link: Row) -> bool:
        terms, share = self.policy.control_group, link["share_bp"]
        dependence = link["kind"] == "economic_dependence"
        least = terms.dependence_share_bp if dependence else terms.control_share_bp
        return in_force(link, self.as_of) and (share is None or share >= least)

    @cached_property
    def shared_groups(self) -> frozenset[str]:
        """Groups of more than one borrower."""
        size = Counter(self.group_of.values())
        return frozenset(group for group, borrowers in size.items() if borrowers > 1)

    @cached_property
    def quarantined_groups(self) -> frozenset[str]:
        """Groups in which rows of a borrower were set aside, or a line has no borrower."""
        names = set(self.quarantined)
        names |= {
            line["borrower_id"]
            for line in self.lines
            if line["status"] != "closed" and line["borrower_id"] not in self.borrowers
        }
        return frozenset(self.group_of.get(name, name) for name in names)

    @cached_property
    def open_lines(self) -> dict[str, list[str]]:
        """The lines not closed of each borrower."""
        found: dict[str, list[str]] = {}
        for row in self.lines:
            if row["status"] != "closed":
                found.setdefault(row["borrower_id"], []).append(row["facility_id"])
        return found

    @cached_property
    def in_default(self) -> frozenset[str]:
        """Borrowers in default as the policy's control groups count it."""
        kinds = self.policy.control_group.default_treatments
        late = {name for name, days in self.worst_dpd.items() if days >= 90}
        treated = {
            row["borrower_id"]
            for row in self.tables["treatment"]
            if row["kind"] in kinds and in_force(row, self.as_of)
        }
        return frozenset(late | treated)

    @cached_property
    def defaults_in_group(self) -> Counter[str]:
        return Counter(self.group_of.get(name, name) for name in self.in_default)


def in_force(row: Row, as_of: date) -> bool:
    """valid_from <= as_of <= valid_until, or no end."""
    return row["valid_from"] <= as_of and (row.get("valid_until") is None or as_of <= row["valid_until"])
