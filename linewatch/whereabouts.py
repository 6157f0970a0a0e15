"""Where in a home a borrower's data can lie: every kind of file, every table of the record, how it is found.

Whoever adds a file or a table adds it here: a test looks for planted names in all of a home and its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Literal

By = Literal["borrower", "line", "key", "change", "case", "text"]
"""What tells that a row is of the borrower: `borrower_id`, the `facility_id` of one of their lines, the `key`
of a row that was set aside, the `change_id` in a file's name, the `case` whose event names the file.
`text`: a file made about one borrower."""


@dataclass(frozen=True)
class Place:
    """A kind of file in the home."""

    kind: str
    """As the profile's `retention` names it; `access` for what was handed to a borrower who asked."""
    name: str
    """The table of the source, the file of a batch, or what people call it."""
    patterns: tuple[str, ...]
    """Of its path under the home; `*` also stands for a slash."""
    by: By | None
    """None: it holds nobody."""
    naming: tuple[str, ...] = ()
    """Columns by which a row of another borrower names this one."""

    def is_at(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.patterns)


def _table(name: str, by: By | None, *naming: str) -> Place:
    """A table of the source; its parts are named for the night that wrote them, or for the table alone."""
    return Place(
        "snapshots", name, (f"snapshots/*/{name}.parquet", f"snapshots/*/{name}-20*.parquet"), by, naming
    )


def _batch(name: str, by: By | None, *naming: str, kind: str = "decisions", ending: str = "parquet") -> Place:
    """A file of a batch, <name>-<16 hex>; what is put in place of it after an erasure is named the same."""
    return Place(kind, name, (f"batches/*/{name}-{'[0-9a-f]' * 16}*.{ending}",), by, naming)


def _out(name: str, by: By | None, *files: str, kind: str = "exports") -> Place:
    return Place(kind, name, tuple(f"out/{file}" for file in files), by)


COVERS = ("covers", "next_anchor_covers")
"""Lists of guarantees of a line; `provider_id` in them is another's."""
SNAPSHOTS = (
    _table("assessment", "borrower"),
    _table("borrower", "borrower"),
    _table("bureau_report", "borrower"),
    _table("consent", "borrower"),
    _table("contact", "borrower"),
    _table("control_link", "borrower", "related_borrower_id"),
    _table("facility", "borrower"),
    _table("facility_month", "line"),
    _table("financial_statement", "borrower"),
    _table("fx_rate", None),
    _table("guarantee", "line", "provider_id"),
    _table("project_status", "line"),
    _table("protected_attribute", "borrower"),
    _table("reference_rate", None),
    _table("social_link", "borrower", "related_borrower_id"),
    _table("spending_month", "borrower"),
    _table("trade_month", "borrower"),
    _table("treatment", "borrower"),
    Place("snapshots", "manifest", ("snapshots/*/manifest.json",), None),
)
BATCHES = (
    _batch("decisions", "line", "group_id", *COVERS),  # it is in the order of lines: little of it is read
    _batch("absent", "line", "next_anchor_covers"),
    _batch("state", "line", "next_anchor_covers"),
    _batch("features_consumer", "borrower"),
    _batch("features_enterprise", "borrower"),
    _batch("cases", "borrower"),
    _batch("changes", "line"),
    _batch("advice", "line"),
    _batch("after_cut", "line"),
    _batch("promises", "borrower"),
    _batch("warnings", "borrower"),
    _batch("quarantine", "key"),
    _batch("quarantined_borrower", "borrower"),
    _batch("left", "line"),
    _batch("repairs", "line"),
    _batch("settled", "line"),
    _batch("drafts", "line", kind="drafts"),
    _batch("class_share", None),
    _batch("leaves", None, ending="bin"),
    _batch("salts", None, ending="bin"),
)
OUT = (
    _out("letters", "borrower", "*/drafts.jsonl", kind="drafts"),
    _out("outbox", "borrower", "*/outbox.jsonl", kind="drafts"),
    _out("queue", "borrower", "*/queue*.csv", "*/queue*.parquet", "*/queue*.xlsx"),
    _out("rejects", "borrower", "*/rejects-*.csv", "*/rejects-*.xlsx"),
    _out("limit_changes", "line", "*/limit_changes.csv", "*/limit_changes.parquet"),
    _out("left", "line", "*/left.csv"),
    _out("repairs", "line", "*/repairs.csv"),
    _out("differences", "line", "*/replay/differences.csv"),
    _out("report", None, "*/report.html", "*/report.json", "*/night.json", kind="evidence"),
    _out("review", None, "*/review.html", "*/review.json", kind="evidence"),
    _out("proof", "change", "proofs/proof-*.json", "proofs/proof-*.html", kind="evidence"),
    _out("consistency", None, "proofs/consistency-*.json", kind="evidence"),
    _out(
        "access",
        "text",
        "access/*/borrower.json",
        "access/*/borrower.html",
        "access/*/evidence/*",
        kind="access",
    ),
)
EVIDENCE = Place("case_files", "evidence", ("evidence/??/*",), "case")
"""What people laid beside cases. Nothing looks into it: it is of the borrower of the case."""
ELSEWHERE = (
    Place("record", "ledger", ("ledger.db", "ledger.db-wal", "ledger.db-shm"), None),
    Place("record", "shared ledger", ("shared-ledger.json", "ledger.db.moved"), None),
    Place("record", "checkpoint", ("checkpoint", "log.key"), None),
    Place("record", "lock", ("lock",), None),
    Place("logs", "log", ("log/*.jsonl", "log/prefect-*.log"), None),
    Place("logs", "prefect", ("prefect/*",), None),
)
"""The record's own files are told by its tables, below. Prefect and the logs hold nobody."""
PLACES = (*OUT, *SNAPSHOTS, *BATCHES, EVIDENCE, *ELSEWHERE)


@dataclass(frozen=True)
class Table:
    """A table of the record."""

    by: Literal["borrower", "case"] | None
    """None: its columns hold nobody; what stands under `texts` may."""
    texts: tuple[str, ...] = ()
    """What people wrote, or rows of other tables as text: a key may stand in it."""


RECORD: Mapping[str, Table] = MappingProxyType(
    {
        "review_case": Table("borrower", ("content",)),
        "review_event": Table("case", ("because", "content")),
        "promise": Table("borrower", ("content",)),
        "approval": Table(None, ("because",)),
        "reversal": Table(None, ("condition", "because")),
        "log_entry": Table(None, ("content",)),
        "batch": Table(None),
        "checkpoint": Table(None),
        "document": Table(None),
        "home": Table(None),
        "publication": Table(None),
        "successor": Table(None),
        "turn": Table(None),
    }
)

OTHERS = ("borrower_id", "related_borrower_id", "provider_id", "group_id")
"""Columns, also inside lists, with the key of a borrower; of another one, unless it is the one who asks."""
SHOWN_OF_OTHERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "control_link": ("related_borrower_id", "kind", "share_bp", "valid_from", "valid_until"),
        "social_link": ("related_borrower_id", "kind"),
        "guarantee": (
            "provider_id",
            "provider_grade",
            "kind",
            "covered_share_bp",
            "cap_cents",
            "valid_from",
            "valid_until",
            "status",
        ),
    }
)
"""What a row of another borrower says of the one whom it names. Of rows of other tables nothing but their
number is: that a line of another's rests on this one is in the guarantees."""


def place_of(path: str) -> Place | None:
    """What a path under the home is, with forward slashes; None: nothing that is known to be kept."""
    return next((place for place in PLACES if place.is_at(path)), None)


def placed(paths: Iterable[str]) -> dict[str, Place]:
    """Every path that may hold a borrower, and what it is."""
    found = {path: place_of(path) for path in paths}
    return {path: place for path, place in found.items() if place is not None and place.by is not None}
