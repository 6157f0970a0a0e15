"""What reviewers do to cases by themselves: take one, give it back, take up an appeal; and how one stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from ledger import CaseEvent, Laid, Ledger, standing_ledger
from linewatch.case import KINDS, TEAMS, due_on
from linewatch.casework import Casework, Done, Stage, may_claim
from linewatch.errors import NotFound
from linewatch.people import register_of
from sql.passing import passing
from sql.reviews import first_keys, in_order

KEYS_AT_ONCE = 1_000
SAYS = ("decided", "agreed", "disagreed")
"""The events that say how somebody would have a case."""
TRIED_AT_ONCE = 20
"""Of the next cases of a queue: others may be reaching for the same."""


@dataclass(frozen=True)
class Worked:
    """What was done to each case, and why it was not to the others."""

    done: tuple[str, ...]
    refused: dict[str, str]
    """Case to why, in words for who wanted it."""


@dataclass(frozen=True)
class Case:
    """A case as it stands, with all that was done to it.

    While somebody is to look at it a second time, what the first said is told to nobody.
    """

    case_id: str
    work: Casework
    due_on: date | None
    events: tuple[CaseEvent, ...]
    beside: tuple[Laid, ...]
    """The evidence, in the order in which it came."""


def claim(home: Path, case_ids: Sequence[str], *, by: str, recorded_at: datetime) -> Worked:
    """Take these cases, those of them that nobody has. Raises DataRefused for who is no reviewer."""
    return _work(home, case_ids, "claimed", by, "", recorded_at)


def claim_next(home: Path, queue: Iterable[str], most: int, *, by: str, recorded_at: datetime) -> Worked:
    """Take the first `most` cases of a queue that nobody has, in its order; fewer where there are fewer."""
    taken: list[str] = []
    coming = iter(queue)
    while len(taken) < most and (some := list(islice(coming, min(TRIED_AT_ONCE, most - len(taken))))):
        taken += claim(home, some, by=by, recorded_at=recorded_at).done
    return Worked(tuple(taken), {})


def next_cases(home: Path, team: str | None, by: str) -> Iterator[str]:
    """The keys of the cases that this person may take, in the order of the queue, of one team or of all.

    Nothing but what orders the cases is read. Where the first so many are used up they are asked for again,
    as the record stands then. Raises NotFound for a team that is not known, DataRefused for who is no
    reviewer.
    """
    if team is not None and team not in TEAMS:
        raise NotFound(f"There is no team {team!r}.", what_now=f"Name one of: {', '.join(TEAMS)}.")
    ledger = standing_ledger(home)
    register_of(_profile(ledger)).check_reviewer(by)
    used: set[str] = set()
    while fresh := [key for key in _first(ledger, team, by, KEYS_AT_ONCE + len(used)) if key not in used]:
        used.update(fresh)
        yield from fresh


def _first(ledger: Ledger, team: str | None, by: str, most: int) -> list[str]:
    batch = ledger.standing(None, held_too=False)
    kinds = [name for name, kind in KINDS.items() if team in (None, kind.team)]
    lined_up = (
        case.as_row("" if may_claim(case.work, by) else "taken")
        for case in ledger.cases.lined_up(batch.as_of)
    )
    with passing(ledger.home) as engine, engine.cursor() as db:
        in_order(db, ledger.file(batch, "cases"), lined_up, kinds)
        return first_keys(db, most)


def release(home: Path, case_ids: Sequence[str], *, by: str, because: str, recorded_at: datetime) -> Worked:
    """Give these cases back, one's own or another's who is away; who did it is kept."""
    return _work(home, case_ids, "released", by, because, recorded_at)


def appeal(home: Path, case_id: str, *, by: str, because: str, recorded_at: datetime) -> Worked:
    """Open a closed case again, because the borrower asked for it; its days are counted anew from now."""
    due = _due_anew(standing_ledger(home), case_id, recorded_at)
    return _work(home, [case_id], "reopened", by, because, recorded_at, **due)


def look(home: Path, case_id: str) -> Case:
    """A case as it stands. Raises NotFound."""
    cases = standing_ledger(home).cases
    events = cases.events(case_id)
    if not events:
        raise NotFound(
            f"There is no case {case_id!r}.",
            what_now="linewatch queue show lists the open ones; their keys are in its column case_id.",
        )
    (case,) = cases.named([case_id])
    work, beside = cases.standing([case_id])[case_id], cases.laid([case_id])
    blind = work.stage is Stage.SECOND_LOOK
    told = (replace(each, because="", content={}) if blind and each.kind in SAYS else each for each in events)
    return Case(case_id, work, case.due_on, tuple(told), tuple(beside))


def _due_anew(ledger: Ledger, case_id: str, recorded_at: datetime) -> dict[str, str]:
    """The day that a case is given now, as the event has it; none where there is no such case."""
    profile = tomllib.loads(_profile(ledger) or "")
    case = ledger.cases.seen([case_id]).get(case_id)
    if case is None or not profile:
        return {}
    today = recorded_at.astimezone(ZoneInfo(profile["time_zone"])).date()
    return {"due_on": due_on(today, case.kind, profile["calendar"]).isoformat()}


def _work(
    home: Path,
    case_ids: Sequence[str],
    kind: str,
    by: str,
    because: str,
    recorded_at: datetime,
    **content: str,
) -> Worked:
    ledger = standing_ledger(home)
    done = Done(
        kind, by, because, {"registered": register_of(_profile(ledger)).check_reviewer(by), **content}
    )
    told = ledger.cases.work([(case_id, done) for case_id in case_ids], recorded_at)
    answers = list(zip(case_ids, told, strict=True))
    return Worked(
        tuple(case_id for case_id, why in answers if not why),
        {case_id: why for case_id, why in answers if why},
    )


def _profile(ledger: Ledger) -> str | None:
    newest = ledger.newest()
    return ledger.document_of(newest, "profile") if newest is not None else None
