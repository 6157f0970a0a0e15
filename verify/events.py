"""What happened to people's cases: each event has a leaf of its own, which outlives its erasure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from verify.entries import SALT, Log
from verify.evidence import Evidence
from verify.report import Findings
from verify.strict import compact, is_hex, same, whole
from verify.tables import Row, Tables, lacking
from verify.tree import Tree, leaf_hash

_COLUMNS = (
    "seq",
    "case_id",
    "batch_seq",
    "kind",
    "by",
    "because",
    "content",
    "recorded_at",
    "salt",
    "leaf",
    "entry",
)
_OF_ERASED = ("facility_id", "borrower_id", "content")
_OF_CASE = ("facility_id", "borrower_id", "opened_on", "due_on", "content")


def check_events(tables: Tables, log: Log, evidence: Evidence, findings: Findings) -> None:
    """Every event belongs to its leaf, every leaf to the tree of its entry, and every case to its opening.

    `evidence` takes up what events tell of files.
    """
    trees: dict[int, Tree] = {}
    cases = _Cases(tables["review_case"]())
    last = newest = 0
    for row in tables["review_event"]():
        if lacking(row, _COLUMNS):
            findings.fault(
                "review_event", "the ledger is older than the log's format; a night brings it up to date"
            )
            return
        findings.counts["events"] += 1
        where = f"review_event {row['seq']}"
        if not whole(row["seq"], least=last + 1):
            findings.fault(where, "stands twice or out of order")
        else:
            last = row["seq"]
        _check_leaf(row, where, cases, log, findings)
        evidence.take(row, where, log, findings)
        if not is_hex(row["leaf"], 32):
            findings.fault(where, "the leaf is no hash")
        elif not whole(row["entry"]) or row["entry"] not in log.events:
            findings.fault(where, "no entry of the log tells of this event", str(row["case_id"]))
        else:
            if row["entry"] < newest:
                findings.fault(where, "stands after events of later entries", str(row["case_id"]))
            newest = row["entry"]
            trees.setdefault(row["entry"], Tree()).add(bytes.fromhex(row["leaf"]))
    for entry, (size, root) in log.events.items():
        tree = trees.get(entry, Tree())
        if (tree.size, tree.root()) != (size, root):
            said = f"{size} events of entry {entry} are told by the log"
            findings.fault("review_event", f"{said}; these {tree.size} are not those")
    for case_id in cases.unopened():
        findings.fault("review_case", "no event of the log tells of this case", case_id)
    findings.counts["cases"] += cases.count


def _check_leaf(row: Row, where: str, cases: _Cases, log: Log, findings: Findings) -> None:
    opened = cases.take(row["case_id"]) if row["kind"] == "opened" else None
    if row["seq"] in log.erased_events:
        # Its leaf stays, and without a salt nothing can be held against it any more.
        findings.counts["erased_events"] += 1
        left = [row["because"], row["content"], row["salt"]]
        left += [] if opened is None else [opened[column] for column in _OF_ERASED]
        if any(value != "" for value in left):
            findings.fault(where, "was erased, and something of it is here")
        return
    if row["salt"] == "":
        if row["entry"] != log.begun or not log.begun:
            findings.fault(where, "has no salt, and is not older than the log")
    elif not is_hex(row["salt"], SALT):
        findings.fault(where, "the salt is no salt")
        return
    if row["kind"] == "opened" and opened is None:
        findings.fault(where, "opens a case that is gone, or that was opened before", str(row["case_id"]))
        return
    if opened is not None and not same(opened["batch_seq"], row["batch_seq"]):
        findings.fault(
            "review_case", "`batch_seq` is not that of the event that opened it", str(row["case_id"])
        )
    if leaf_hash(bytes.fromhex(row["salt"]) + _data(row, opened)).hex() != row["leaf"]:
        findings.fault(
            where, "the event, its case or its salt do not belong to its leaf", str(row["case_id"])
        )


def _data(row: Row, case: Row | None) -> bytes:
    told: list[Any] = [1, *(row[column] for column in _COLUMNS[1:8])]
    told.append(None if case is None else [case[column] for column in _OF_CASE])
    return compact(told).encode("utf-8", "surrogateescape")


class _Cases:
    """The cases, read only as far ahead as the events need, for there may be very many."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: Iterator[Row] = iter(rows)
        self._waiting: dict[Any, Row] = {}
        self._taken: set[Any] = set()
        self.count = 0

    def take(self, case_id: Any) -> Row | None:
        """The case of this id, once."""
        if case_id in self._taken:
            return None
        self._taken.add(case_id)
        while case_id not in self._waiting and self._read():
            pass
        return self._waiting.pop(case_id, None)

    def unopened(self) -> list[str]:
        """The ids of the cases that nobody took."""
        while self._read():
            pass
        return [str(case_id) for case_id in self._waiting]

    def _read(self) -> bool:
        row = next(self._rows, None)
        if row is not None:
            self.count += 1
            self._waiting[row["case_id"]] = row
        return row is not None
