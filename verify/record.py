"""The rows of the ledger, held against what the entries of the log tell of them."""

from __future__ import annotations

import hashlib
from typing import Any

from verify.entries import PRIMARY_KEYS, Log
from verify.report import Findings
from verify.strict import same
from verify.tables import Row, Tables

_NOT_TOLD = {
    "document": ("text",),
    "promise": ("facility_id", "borrower_id", "amount_cents", "content"),
}


def check_rows(tables: Tables, log: Log, findings: Findings) -> None:
    """Every row is told by an entry and is as told, and every told row is there."""
    for table, columns in PRIMARY_KEYS.items():
        seen = set()
        for row in tables[table]():
            findings.counts["rows"] += 1
            key = tuple(row.get(column) for column in columns)
            where = _named(table, key)
            told = log.rows[table].get(key)
            if key in seen:
                findings.fault(where, "stands twice")
            elif told is None:
                findings.fault(where, "no entry of the log tells of this row", _whose(table, key))
            else:
                _compare(table, where, row, told, log, findings)
            seen.add(key)
        for key in log.rows[table].keys() - seen:
            findings.fault(
                _named(table, key), "the log tells of this row, and it is gone", _whose(table, key)
            )


def _compare(table: str, where: str, row: Row, told: dict[str, Any], log: Log, findings: Findings) -> None:
    expected = dict(told)
    if table == "batch":
        expected["state"] = log.states.get(told["seq"], told.get("state"))
    beside = _NOT_TOLD.get(table, ())
    for column in sorted(row.keys() | expected.keys()):
        if column in beside and column not in expected:
            continue
        # A column that came later is empty in the rows before it.
        if not same(expected.get(column), row.get(column)):
            findings.fault(where, f"`{column}` is not what the log tells")
    if table == "document" and _sha256(row.get("text")) != row.get("sha256"):
        findings.fault(where, "`text` is not that of its hash")


def _named(table: str, key: tuple[Any, ...]) -> str:
    if table == "promise":
        return table
    return f"{table} {key[1]} {str(key[0])[:16]}" if table == "document" else f"{table} {key[0]}"


def _whose(table: str, key: tuple[Any, ...]) -> str:
    return str(key[0]) if table == "promise" else ""


def _sha256(text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
