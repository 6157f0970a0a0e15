"""What people decided of cases, taken in: decided again upon the newest night, committed, published, told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.advising import advise_settled
from flows.again import place
from flows.attributing import attribute_settled
from flows.people import acting, hand_out
from linewatch.counting import counted, were
from linewatch.errors import LinewatchError
from linewatch.night import Night
from linewatch.settling import first_day
from tasks import again, settle, takein
from tasks.decide import facts_of, prepare_lines
from tasks.draft import write_settled
from tasks.features import features
from tasks.rescore import rescore

Row = dict[str, Any]


@contextmanager
def weighed(home: Path, lines: Sequence[Row]) -> Iterator[tuple[again.Again, list[Row]]]:
    """The newest night, its lines where these people leave them, and where each would end.

    `lines` are rows of `answered_line`. Nothing in the home is touched. The walk is the night's own, over the
    groups of these lines, from what is in force now.
    """
    batch = again.standing(home)
    rows = again.rows_of(home, batch)
    with place() as folder:
        night = again.begin(home, batch, folder, {}, None)
        try:
            again.stand(night, rows)
            facts = facts_of(night)
            again.narrow_night(night, [line["facility_id"] for line in lines])
            features.fn(night)
            rescore.fn(night)
            settle.leave_standing(night)
            prepare_lines(night, facts)
            yield night, settle.weigh(night, lines)
        finally:
            again.end(night)


def settle_ready(home: Path, moment: datetime) -> settle.Settled:
    """Settle every case that is decided, upon the newest night. For whoever has the home's turn.

    A case that can no longer end as it was decided, or whose letter cannot be written, is sent back; so is
    one that is not the case any more that was decided. What an earlier call may have left undone of
    publishing and handing out is done.
    """
    ready = settle.ready(home)
    overtaken = takein.overtaken(home, ready.cases) if ready.cases else {}
    settle.send_back(home, overtaken, moment)
    settled = _settle(home, ready.but(overtaken), moment)
    back = {case_id: words_of(rows) for case_id, rows in overtaken.items()}
    return replace(settled, sent_back={**back, **settled.sent_back})


def _settle(home: Path, ready: settle.Ready, moment: datetime) -> settle.Settled:
    if not ready.cases:
        return settle.Settled(None, (), {})
    with weighed(home, ready.lines) as (night, rows):
        day = first_day(moment, night.documents.profile.zone, night.as_of)
        bound = _by_case([row for row in rows if row["bound_by"]])
        settle.set_out(night, day, bound)
        attribute_settled(night)
        advise_settled(night, day)
        failed = set(write_settled(night, day))
        bound |= _by_case(
            [{**row, "bound_by": "draft_failed"} for row in rows if row["facility_id"] in failed]
        )
        settle.set_out(night, day, bound)
        settle.send_back(home, bound, moment)
        receipt, cases = settle.commit(night, ready, bound, day, moment)
    return settle.Settled(receipt, cases, {case_id: words_of(kept) for case_id, kept in bound.items()})


def settle_all(home: Path, moment: datetime) -> dict[str, Any]:
    """Settle what is decided, publish it and hand out its letters."""
    with acting(home, "settle", moment):
        settled = settle_ready(home, moment)
        left = settled.receipt or settle.not_handed_out(home)
        found = hand_out(home, left, "settled", moment) if left else {"status": "unchanged", "exit_code": 0}
    return {**found, "cases": len(settled.cases), "sent_back": dict(settled.sent_back)}


def settle_before(night: Night) -> list[str]:
    """Settle what waits upon the last night before this one runs; in sentences what came of it.

    What cannot be settled waits on: it must not keep the night from running.
    """
    home, moment = night.home, night.recorded_at
    if night.revise or not settle.waits(home, night.as_of):
        return []
    try:
        settled = settle_ready(home, moment)
    except LinewatchError as error:
        return [f"the cases that are decided wait: {error.what}"]
    back = len(settled.sent_back)
    notes = [f"{counted(back, 'decided case')} {were(back)} sent back"] if back else []
    if settled.receipt is not None:
        from tasks.export import export_batch
        from tasks.letters.outbox import write_outbox

        export_batch(home, settled.receipt.batch, write_outbox)
        done = len(settled.cases)
        notes.append(f"{counted(done, 'case')} {were(done)} settled first, as {settled.receipt.batch}")
    return notes


def words_of(rows: Sequence[Row]) -> str:
    """Why lines do not end as people asked, for whoever decides anew."""
    return "; ".join(_words(row) for row in rows)


def _words(row: Row) -> str:
    ends = row["ends_at_cents"]
    where = f", which leaves {ends} cents" if ends is not None else ""
    return f"{row['facility_id']}: {row['bound_by']}{where}"


def _by_case(rows: Sequence[Row]) -> dict[str, list[Row]]:
    ordered = sorted(rows, key=lambda row: (row["case_id"], row["facility_id"]))
    return {case_id: list(some) for case_id, some in groupby(ordered, key=lambda row: row["case_id"])}
