"""What people have decided of a line since its night, and the case that it is in, as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ledger import Batch, Ledger, OpenCase
from linewatch.casework import CLOSES
from linewatch.recorded import Recorded
from linewatch.settling import first_day
from sql import access
from sql.engine import Cursor

WHOLE = ("night", "revision")
"""Batches that decide every line: what comes after the next one is no more upon this night."""
SETTLED = (
    "case_id", "outcome", "action", "standing_limit_cents", "new_limit_cents", "effective_on",
)  # fmt: skip
OUTCOMES: Mapping[str, str] = {
    "approve": "what was proposed",
    "keep": "to keep the limit",
    "another_limit": "another limit",
    "freeze": "to stop new drawings",
}
"""What a person can have decided, in words."""

Row = dict[str, Any]
Money = Callable[[int | None], str]


def since_of(db: Cursor, ledger: Ledger, batch: Batch, line: Row, zone: ZoneInfo) -> Row | None:
    """The newest settlement of the line upon the night, with its letter; None: nobody has decided of it."""
    access.seek(db, [], [line["facility_id"]])
    for each in reversed(list(_upon(ledger, batch))):
        settled = next(iter(_rows(db, ledger, each, "settled")), None)
        if settled is not None:
            moment = each.recorded_at
            letter = next(iter(_rows(db, ledger, each, "drafts")), {})
            return {
                "batch": each.batch,
                "on": first_day(moment, zone, each.as_of) if moment else each.as_of,
                **{name: settled[name] for name in SETTLED},
                "reference": letter.get("reference"),
            }
    return None


def _upon(ledger: Ledger, batch: Batch) -> Iterator[Batch]:
    if batch.state != "committed":
        return
    for each in ledger.batches(state="committed"):
        if each.seq > batch.seq and each.kind in WHOLE:
            return
        if each.seq > batch.seq and each.kind == "settlement":
            yield each


def _rows(db: Cursor, ledger: Ledger, batch: Batch, name: str) -> list[Row]:
    path = batch.path(ledger.home, name)
    return access.rows_of(db, path, "line") if path is not None and path.exists() else []


def case_of(ledger: Ledger, batch: Batch, line: Row, own: Row | None, zone: ZoneInfo) -> Row | None:
    """The case in which the night put the line, else an open one of its borrower, as it stands now.

    `own` is that case as the night wrote it; of a held night the record has none yet.
    """
    if own is not None:
        known = ledger.cases.named([own["case_id"]])
        return _told(ledger, known[0], zone) if known else {**own, "closed_on": None}
    standing = [each for each in ledger.cases.open_of(line["borrower_id"]) if each.opened_on <= batch.as_of]
    return _told(ledger, standing[0], zone) if standing else None


def _told(ledger: Ledger, case: OpenCase, zone: ZoneInfo) -> Row:
    return {
        "case_id": case.case_id,
        "kind": case.sent_on_as or str(case.content.get("kind", "desk_review")),
        "opened_on": case.opened_on,
        "due_on": case.due_on,
        "closed_on": _closed_on(ledger, case.case_id, zone),
    }


def _closed_on(ledger: Ledger, case_id: str, zone: ZoneInfo) -> date | None:
    if not ledger.cases.closed([case_id]):
        return None
    moments = [each.recorded_at for each in ledger.cases.events(case_id) if each.kind in CLOSES]
    return moments[-1].astimezone(zone).date() if moments and moments[-1] else None


def zone_of(documents: Recorded) -> ZoneInfo:
    return ZoneInfo(documents.profile.get("time_zone", "UTC"))


def told_since(line: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """What a person has decided since, and what stands by it, in names and sentences."""
    since = line.get("since")
    if since is None:
        return
    yield "Since", f"a person decided on {since['on']}: {OUTCOMES.get(since['outcome'], since['outcome'])}"
    yield "Stands", _stands(since, money)
    if since["reference"]:
        yield "Letter", f"reference {since['reference']}"


def _stands(since: Mapping[str, Any], money: Money) -> str:
    old, new = since["standing_limit_cents"], since["new_limit_cents"]
    if since["action"] == "freeze":
        return f"{money(new)}, and no new drawings from {since['effective_on']}"
    if new != old:
        return f"{money(new)} from {since['effective_on']}, {money(old)} until then"
    return f"{money(new)}, as before"


def told_of_case(case: Mapping[str, Any]) -> str:
    """The case in one sentence."""
    head = f"{case['case_id']}, {case['kind'].replace('_', ' ')}, opened {case['opened_on']}"
    if case["closed_on"]:
        return f"{head}, closed {case['closed_on']}"
    return f"{head}, due {case['due_on']}"
