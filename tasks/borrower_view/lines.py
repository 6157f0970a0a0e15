"""How each line of a borrower stands, and why it was not raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from linewatch.reasons import REASONS
from linewatch.telling import SAID_INSTEAD, hold_told, reasons_told
from tasks.borrower_view.reading import Read, Row

Words = Callable[[str, str], str]
"""What a code says in the reader's language: its room in the notices, and the code."""


def lines_of(read: Read, history: list[Row]) -> list[Row]:
    """A row a line that ever was theirs, those of tonight first; reasons of a block are codes."""
    known = {line: day for day, rows in read.nights.items() for line in rows}
    gone = sorted(line for line, day in known.items() if day < read.night.as_of)
    told = [_line(read, row, history) for _, row in sorted(read.now.items())]
    return told + [_gone(read.nights[known[line]][line], known[line]) for line in gone]


def _line(read: Read, row: Row, history: list[Row]) -> dict[str, Any]:
    own = [each for each in history if each["facility_id"] == row["facility_id"]]
    upon = next((each for each in own if each["seq"] > read.night.seq), None)
    blocked = bool(upon["blocked"] if upon else row["drawdown_blocked"])
    limit = upon["new_limit_cents"] if upon else row.get("committed_limit_cents", row["limit_cents"])
    coming = [each for each in own if each["effective_on"] > read.night.as_of]
    coming = [each for each in coming if each["old_limit_cents"] != each["new_limit_cents"]]
    offer = None
    if row.get("offered_limit_cents") is not None:
        offer = {"limit_cents": row["offered_limit_cents"], "until": row["offer_until"]}
    return {
        **_named(row),
        "state": "paused" if blocked else "open",
        "limit_cents": limit,
        "limit_from": coming[0]["effective_on"] if coming else None,
        "until_then_cents": coming[-1]["old_limit_cents"] if coming else None,
        "paused_because": _paused(row, own, by_change=upon) if blocked else None,
        "next_review_on": row["next_due_on"],
        "offer": offer,
        "last_seen_on": read.night.as_of,
    }


def _named(row: Row) -> Row:
    return {name: row[name] for name in ("facility_id", "product", "currency")}


def _gone(row: Row, day: date) -> dict[str, Any]:
    """A line that tonight did not decide: closed, handed over, or left out by the source."""
    nothing = dict.fromkeys(
        ("limit_from", "until_then_cents", "paused_because", "next_review_on", "offer", "limit_cents")
    )
    return {**_named(row), "state": "not_reviewed", **nothing, "last_seen_on": day}


def _paused(row: Row, own: list[Row], *, by_change: Row | None) -> Row:
    """By whom drawing is paused, and the reasons that may be told."""
    last = next((each for each in own if each["action"] in ("freeze", "decrease") and each["blocked"]), None)
    reasons = list(last["reasons"]) if last else []
    if by_change is not None:
        return {"by": "person" if by_change["decided_by"] == "person" else "us", "reasons": reasons}
    if row.get("review_block"):
        return {"by": "case", "reasons": reasons_told([row["review_block"]])}
    if row.get("person_block"):
        return {"by": "person", "reasons": reasons}
    if row.get("own_block"):
        ground = row["hold_because"]
        return {"by": "us", "reasons": reasons_told([ground]) if ground in REASONS else reasons}
    return {"by": "system_of_record", "reasons": []}


def holds_of(read: Read, history: list[Row], words: Words, *, barred: bool) -> list[Row]:
    """Why each line was not changed tonight; where no review was due, why not at the last one that was.

    A line whose limit tonight moved after all, or people upon it, was not held.
    """
    moved = {
        each["facility_id"]
        for each in history
        if each["seq"] >= read.night.seq and each["action"] in ("increase", "decrease")
    }
    held = [row for line, row in sorted(read.now.items()) if line not in moved and _held_by(row)]
    return [_hold(read, row, words, barred=barred) for row in held]


def _held_by(row: Row) -> str | None:
    """The hold of a line that a night left as it was; None for one that it moved."""
    if row["action"] == "hold":
        return str(row["hold_because"]) if row["hold_because"] else None
    return SAID_INSTEAD if row["route"] == "referred" and row["action"] != "freeze" else None


def _hold(read: Read, row: Row, words: Words, *, barred: bool) -> Row:
    code, then = _held_by(row) or "", None
    if code == "not_due":
        nights = reversed(list(read.nights.items()))
        earlier = ((day, rows.get(row["facility_id"])) for day, rows in nights if day < read.night.as_of)
        last = next(((day, seen) for day, seen in earlier if seen and seen["due"]), None)
        if last is not None and (held := _held_by(last[1])) is not None:
            then = {"on": last[0], **_coded(held, words, barred=barred)}
    since = not barred and row["facility_id"] in read.settled
    return {
        "facility_id": row["facility_id"],
        "on": read.night.as_of,
        **_coded(code, words, barred=barred),
        "decided_since": since,
        "at_last_review": then,
    }


def _coded(code: str, words: Words, *, barred: bool) -> Row:
    """A line that stays blocked has the ground of its block where others have a hold; a barred one says that
    a person decides, whatever ground it has.
    """
    told = SAID_INSTEAD if barred and code in REASONS else hold_told(code)
    room = "reason" if told in REASONS else "hold"
    return {"code": told, "text": words(room, told)}
