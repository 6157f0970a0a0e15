"""What reviewers type: each act on cases, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import clock, evidence
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.casework import NO_CASE, WORDS, Stage
from linewatch.errors import DataRefused
from linewatch.room import home_option

if TYPE_CHECKING:
    from tasks.casework import Worked

REFUSED = 2
"""How a command ends that could not do all that was asked."""


def claim(home: Path, cases: Sequence[str], by: str, next: int | None, team: str | None) -> Reply:
    begun(home)
    from tasks import casework

    if bool(cases) == (next is not None):
        raise DataRefused(
            "Name the cases to take, or how many of the next ones.",
            what_now="linewatch queue claim CASE --by NAME, or linewatch queue claim --next 5 --by NAME",
        )
    if next is None:
        return _told(home, casework.claim(home, cases, by=by, recorded_at=clock.now()), "taken")
    queue = casework.next_cases(home, team, by)
    return _told(home, casework.claim_next(home, queue, next, by=by, recorded_at=clock.now()), "taken")


def release(home: Path, cases: Sequence[str], by: str, because: str) -> Reply:
    begun(home)
    from tasks import casework

    if not cases:
        raise DataRefused("Name the cases to give back.", what_now="linewatch queue release CASE --by NAME")
    done = casework.release(home, cases, by=by, because=because, recorded_at=clock.now())
    return _told(home, done, "given back")


def appeal(home: Path, case: str, by: str, because: str) -> Reply:
    begun(home)
    from tasks import casework

    if not because.strip():
        raise DataRefused(
            "--because must say something: what the borrower says is kept.",
            what_now="Give it and run the same command again.",
        )
    done = casework.appeal(home, case, by=by, because=because, recorded_at=clock.now())
    return _told(home, done, "open again")


def look(home: Path, case: str) -> Reply:
    begun(home)
    from tasks import casework

    found = casework.look(home, case)
    is_open = found.work.stage is not Stage.CLOSED
    content: dict[str, Any] = {
        "case_id": found.case_id,
        "stage": found.work.stage.value,
        "holder": found.work.holder or None,
        "due_on": found.due_on.isoformat() if is_open and found.due_on else None,
        "events": [
            {
                "kind": event.kind,
                "by": event.by,
                "because": event.because,
                "recorded_at": event.recorded_at.isoformat() if event.recorded_at else None,
            }
            for event in found.events
        ],
        "evidence": [evidence.told(each) for each in found.beside],
    }
    held = f", {found.work.holder} has it" if found.work.holder else ""
    due = f", due {content['due_on']}" if content["due_on"] else ""
    lines = [f"{case}: {found.work.stage.value.replace('_', ' ')}{due}{held}"]
    for event in found.events:
        at = f"{event.recorded_at:%Y-%m-%d %H:%M}" if event.recorded_at else ""
        said = f": {event.because}" if event.because else ""
        lines.append(f"  {at}  {event.kind:<14} {event.by:<12} {WORDS[event.kind]}{said}")
    if found.beside:
        lines += ["evidence", *evidence.shown(found.beside)]
    return Reply(content, "\n".join(lines))


def report(home: Path, since: date | None) -> Reply:
    begun(home)
    from tasks.report import oversight, oversight_words

    made = oversight.report_review(home, since)
    content = {**made.content, "paths": {"page": str(made.page)}}
    return Reply(content, oversight_words.words(made.content, made.page))


def _told(home: Path, worked: Worked, what: str) -> Reply:
    """One line a case; exit 2 where one could not be done."""
    lines = [f"{case}: {what}" for case in worked.done] or ([] if worked.refused else ["No case is left."])
    said = [f"{case}: {why}" for case, why in worked.refused.items()]
    if NO_CASE in worked.refused.values():
        said.append(f"linewatch queue show{home_option(home)} lists the open cases by their keys.")
    content = {"done": list(worked.done), "refused": worked.refused}
    return Reply(content, "\n".join(lines), REFUSED if worked.refused else 0, said)
