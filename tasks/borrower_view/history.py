"""Every change of a borrower's limits, the newest first: what decided it, why, what moved it, who saw it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ledger import Batch
from linewatch.causes import DRIVERS, FACTORS
from linewatch.letter import AHEAD
from linewatch.reasons import MOST_IN_A_LETTER
from linewatch.telling import reasons_told
from tasks.borrower_view.reading import Read, Row

DECIDED_BY: Mapping[str, str] = {
    "night": "night",
    "revision": "revision",
    "settlement": "person",
    "reversal": "reversal",
    "protective": "protective",
}
"""What a batch of each kind is told as."""


Named = tuple[Batch, Row]


def history_of(read: Read, pending: Iterable[int], *, causes: bool) -> list[Row]:
    """A row a change; `pending` are the batches whose changes the system of record has not got yet.

    Reasons are codes, those of the letter; causes null where the batch says none, or they may not be told.
    """
    undelivered = frozenset(pending)
    changing = (each for each in read.drafts if each[1]["kind"] not in AHEAD)
    letters = {(each.seq, row["facility_id"]): row for each, row in changing}
    found = []
    for place, (batch, row) in enumerate(read.changes):
        letter = letters.get((batch.seq, row["facility_id"]))
        later = [change for _, change in read.changes[place + 1 :]]
        found.append(
            {
                "facility_id": row["facility_id"],
                "on": batch.as_of,
                "batch": batch.batch,
                "seq": batch.seq,
                "action": _action(row),
                "old_limit_cents": row["old_limit_cents"],
                "new_limit_cents": row["new_limit_cents"],
                "old_rate_bp": row["old_rate_bp"],
                "new_rate_bp": row["new_rate_bp"],
                "blocked": bool(row["blocked"]),
                "effective_on": row["effective_on"],
                "decided_by": DECIDED_BY.get(batch.kind, "night"),
                "reasons": reasons_told(_codes(read, batch, row, letter)),
                "causes": _causes(row) if causes else None,
                "system_of_record": _confirmed(read, batch, row, later, undelivered),
            }
        )
    return found[::-1]


def _action(row: Row) -> str:
    if row["new_limit_cents"] != row["old_limit_cents"]:
        return "increase" if row["new_limit_cents"] > row["old_limit_cents"] else "decrease"
    if row["new_rate_bp"] != row["old_rate_bp"]:
        return "rate"
    return "freeze" if row["blocked"] else "unfreeze"


def _codes(read: Read, batch: Batch, row: Row, letter: Row | None) -> list[str]:
    """The reasons of the letter; where that is gone, those that it would have named."""
    if letter is not None:
        return list(letter["reason_codes"])
    decided = read.nights.get(batch.as_of, {}).get(row["facility_id"])
    if (
        decided is None
        or batch.kind not in ("night", "revision")
        or _action(row) not in ("decrease", "freeze")
    ):
        return []
    if decided["action"] == "freeze" and decided.get("review_block"):
        return [decided["review_block"]]
    if decided["route"] == "referred" and decided["action"] != "freeze":
        return ["regulation_cap"]
    return [reason["code"] for reason in decided["reasons"]][:MOST_IN_A_LETTER]


def _causes(row: Row) -> Row | None:
    """What moved it in cents, the parts that are not nought; of circumstances, each driver by itself."""
    if row.get("cause_carried_cents") is None or row["new_limit_cents"] == row["old_limit_cents"]:
        return None
    names = ("carried", *DRIVERS, *(factor for factor in FACTORS if factor != "circumstances"))
    parts = {name: row.get(f"cause_{name}_cents") or 0 for name in names}
    return {
        "since": row.get("caused_since_on"),
        "parts": {name: cents for name, cents in parts.items() if cents},
    }


def _confirmed(read: Read, batch: Batch, row: Row, later: list[Row], undelivered: frozenset[int]) -> Row:
    """Whether the system of record shows the change, by the first night since that saw it there."""
    overtaken = any(change["facility_id"] == row["facility_id"] for change in later)
    for day, seen in _since(read, batch, row["facility_id"]):
        if _shows(seen, row):
            return {"state": "confirmed", "on": day}
    if batch.seq in undelivered:
        return {"state": "not_handed_over", "on": None}
    return {"state": "overtaken" if overtaken else "waiting", "on": None}


def _since(read: Read, batch: Batch, line: str) -> Iterator[tuple[date, Row]]:
    """The line on the nights after a batch, until another one has changed it."""
    others = [each.as_of for each, row in read.changes if row["facility_id"] == line and each.seq > batch.seq]
    until = min(others, default=None)
    for day, rows in read.nights.items():
        if day > batch.as_of and (until is None or day <= until) and line in rows:
            yield day, rows[line]


def _shows(seen: Row, row: Row) -> bool:
    action = _action(row)
    if action == "rate":
        return bool(seen["source_rate_bp"] == row["new_rate_bp"])
    if action == "freeze":
        return bool(seen.get("block_shown"))
    if action == "unfreeze":
        return not seen.get("block_shown")
    return bool(seen["source_limit_cents"] == row["new_limit_cents"])


def letters_of(read: Read, written_on: Callable[[Batch], date]) -> list[dict[str, Any]]:
    """Every letter drafted, the newest first, with the day that it bears: nothing is sent by us."""
    return [
        {
            "facility_id": row["facility_id"],
            "on": written_on(batch),
            "kind": row["kind"],
            "subject": row["subject"],
            "language": row["language"],
            "effective_on": row["effective_on"],
            "deadline_on": row["deadline_on"],
            "reference": row.get("reference"),
        }
        for batch, row in reversed(read.drafts)
    ]
