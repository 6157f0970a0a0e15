"""Evidence: a file is laid beside a case; and the checklist of a case, with what there is of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger import Laid, Ledger, standing_ledger
from linewatch import fault
from linewatch.casework import THERE_ALREADY, Casework, Done, why_not
from linewatch.checklist import ITEMS, Item, asked, items_of
from linewatch.errors import DataRefused, NotFound
from linewatch.evidence import ADDED, Coming, Evidence, coming
from linewatch.people import register_of
from linewatch.room import full_disk_told, home_option

__all__ = ["Added", "Checklist", "Evidence", "Laid", "add", "checklist"]


@dataclass(frozen=True)
class Added:
    """What came of adding a file."""

    evidence: Evidence
    new: bool
    """False: it lay beside the case already, and nothing was changed."""
    put_back: bool = False
    """It lay there by the record, and its file was gone or altered: it is whole again."""


@dataclass(frozen=True)
class Checklist:
    """What a case asks for, and what there is of it."""

    kind: str
    items: Mapping[str, Item]
    beside: Sequence[Laid]
    """All that lies beside it, also for items of other kinds, or for none."""


def add(
    home: Path, case_id: str, file: Path, *, by: str, item: str, because: str, recorded_at: datetime
) -> Added:
    """Copy a file into the home and lay it beside a case: both, or neither.

    Raises NotFound for a case, an item or a file that is not there; DataRefused for a case that is closed, a
    person who is no reviewer, and a file that is empty, too large or none; NoRoom.
    """
    ledger = standing_ledger(home)
    registered = _registered(ledger, by)
    if item and item not in ITEMS:
        raise NotFound(
            f"There is no item {item!r} on any checklist.",
            what_now=f"Nothing was added. linewatch queue checklist {case_id}{home_option(home)} lists them.",
        )
    _check_open(ledger, case_id, Done(ADDED, by))
    with full_disk_told(home), coming(home, file, item) as given:
        content = {"registered": registered, **given.evidence.told()}
        return _add(ledger, case_id, given, Done(ADDED, by, because, content), recorded_at)


def _add(ledger: Ledger, case_id: str, given: Coming, done: Done, recorded_at: datetime) -> Added:
    try:
        (why,) = ledger.cases.work([(case_id, done)], recorded_at, bringing=lambda: given.put(ledger.home))
    except Exception:
        with suppress(Exception):  # the error itself is what to tell; the start of a night sweeps too
            ledger.cases.take_away_unnamed()
        raise
    fault.point("evidence.event", "after")
    if why == THERE_ALREADY:
        return Added(given.evidence, new=False, put_back=_put_back(ledger, given))
    if why:
        raise _refused(case_id, why)
    return Added(given.evidence, new=True)


def _put_back(ledger: Ledger, given: Coming) -> bool:
    """Let the file stand in for one that is gone or altered; whether it was."""
    if given.lies_whole(ledger.home):
        return False
    with ledger.cases.while_none_is_laid() as named:
        if given.evidence.path not in named:
            return False
        given.put(ledger.home)
    return True


def checklist(home: Path, case_id: str) -> Checklist:
    """What is to be asked or seen in a case, and what lies beside it. Raises NotFound."""
    cases = standing_ledger(home).cases
    opened = cases.named([case_id])
    if not opened:
        raise _no_case(case_id)
    events = cases.events(case_id)
    told = [opened[0].content, *(event.content for event in events if event.kind == "seen_again")]
    sent = [str(event.content.get("kind", "")) for event in events if event.kind == "sent_on"]
    wants = asked(told, sent[-1] if sent else "")
    return Checklist(wants.kind, items_of(wants.kind, wants.triggers), cases.laid([case_id]))


def _check_open(ledger: Ledger, case_id: str, done: Done) -> None:
    stand: Mapping[str, Casework] = ledger.cases.standing([case_id])
    if case_id not in stand:
        raise _no_case(case_id)
    if why := why_not(stand[case_id], done):
        raise _refused(case_id, why)


def _registered(ledger: Ledger, by: str) -> bool:
    newest = ledger.newest()
    profile = ledger.document_of(newest, "profile") if newest is not None else None
    return register_of(profile).check_reviewer(by)


def _no_case(case_id: str) -> NotFound:
    return NotFound(
        f"There is no case {case_id!r}.",
        what_now="linewatch queue show lists the open ones; their keys are in its column case_id.",
    )


def _refused(case_id: str, why: str) -> DataRefused:
    return DataRefused(
        f"Nothing was added to {case_id}: {why}.",
        what_now=f"linewatch queue case {case_id} says how it stands.",
    )
