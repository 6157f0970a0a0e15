"""What people decide of whole nights: each act with what follows from it, for commands and for forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.outcome import EXIT_CODES, keep, outcome, publish_command
from flows.request import Request
from linewatch.errors import NotFound
from linewatch.night import Night
from linewatch.receipt import Receipt
from linewatch.room import home_option

if TYPE_CHECKING:
    from tasks.publish import Published


def approve(home: Path, as_of: date, by: str, because: str, moment: datetime) -> dict[str, Any]:
    """Commit the held bytes, publish them and hand out the queue: what the night itself would have done.

    Asked for again by the same person, it hands out again what an earlier call may have left undone.
    """
    from tasks.approve import approve as verb
    from tasks.expire import expire_due
    from tasks.export import export_night
    from tasks.letters.outbox import write_outbox
    from tasks.publish import publish_due

    done = _done_or_held(home, as_of, "approve", by)
    night = _night(home, as_of, moment)
    with acting(home, f"approve {as_of}", moment):
        receipt = done or verb(home, as_of, by=by, because=because, recorded_at=moment)
        notes: list[str] = []
        undelivered: list[dict[str, Any]] = []
        if receipt.status == "committed":
            published = publish_due(night)
            notes, undelivered = list(published.notes), _undelivered(published)
            notes += expire_due(home, as_of, moment).notes
            export_night(home, as_of, write_outbox)
        else:
            notes = [f"{by} has agreed; this night needs a second person, who runs the same command"]
        found = outcome(night, receipt, usage={}, notes=notes, undelivered=undelivered)
        return _told_again(night, receipt, found)


def protect(home: Path, as_of: date, by: str, because: str, moment: datetime) -> dict[str, Any]:
    """Commit the blocks of a held night alone, publish them, hand out their letters. Again, as `approve`."""
    from tasks.approve import protect as verb

    done = _done_or_held(home, as_of, "protective", by)
    night = _night(home, as_of, moment)
    with acting(home, f"approve {as_of} --protective-only", moment):
        receipt = done or verb(home, as_of, by=by, because=because, recorded_at=moment)
        found = {
            **hand_out(home, receipt, "protected", moment),
            "blocked": receipt.changes,
            "next": _again(night),
        }
        return _told_again(night, _discarded(home, as_of), found)


def discard(home: Path, as_of: date, by: str, because: str, moment: datetime) -> dict[str, Any]:
    """Throw a held night away; its report says so. Again, as `approve`."""
    from tasks.approve import discard as verb

    done = _done_or_held(home, as_of, "discard", by)
    night = _night(home, as_of, moment)
    with acting(home, f"discard {as_of}", moment):
        receipt = done or verb(home, as_of, by=by, because=because, recorded_at=moment)
        return _told_again(night, receipt, {**_head(receipt, "discarded"), "next": _again(night)})


def ask_reversal(
    home: Path, as_of: date, by: str, because: str, where: str, second: str, moment: datetime
) -> dict[str, Any]:
    """Put on record that a person wants a night undone, and show what it would do; nothing moves."""
    from tasks.reverse import ask, planned

    with acting(home, f"reverse {as_of}", moment), planned(home, as_of, where) as plan:
        request = ask(plan, by=by, because=because, second=second, recorded_at=moment)
    who = second or "NAME"
    return {
        "night": as_of.isoformat(),
        "status": "asked",
        "exit_code": EXIT_CODES["held"],
        "root": request.root,
        **request.content,
        "where": where,
        "next": f"linewatch reverse {as_of} --by {who} --because TEXT --confirm{home_option(home)}",
    }


def confirm_reversal(home: Path, as_of: date, by: str, because: str, moment: datetime) -> dict[str, Any]:
    """Do what another asked for: set the lines back, publish that, draft the letters, list the rest.

    Asked for again by the same person, it hands out again what an earlier call may have left undone.
    """
    from tasks.reverse import carried_out

    with acting(home, f"reverse {as_of}", moment):
        if carried_out(home, as_of, by) is None:
            _reverse(home, as_of, by, because, moment)
        done = carried_out(home, as_of, by)
        assert done is not None
        found = hand_out(home, done.receipt, "reversed", moment)
    return {
        **found,
        "night": as_of.isoformat(),
        "undone": dict(done.undone),
        "left": dict(done.left),
        "where": done.condition,
        "next": "Mend what was wrong before the next night: these lines are reviewed again then.",
    }


def hand_out(home: Path, receipt: Receipt, status: str, moment: datetime) -> dict[str, Any]:
    """Publish what is due and hand out what people need of a batch that is no night's; what is told of it."""
    from tasks.export import export_batch
    from tasks.letters.outbox import write_outbox
    from tasks.publish import publish_due

    published = publish_due(_night(home, receipt.as_of, moment))
    made = export_batch(home, receipt.batch, write_outbox)
    return {
        **_head(receipt, status),
        **_left_due(published),
        "drafts": receipt.drafts,
        "paths": _paths(receipt, made),
    }


def _reverse(home: Path, as_of: date, by: str, because: str, moment: datetime) -> None:
    from tasks.draft import write_corrections
    from tasks.reverse import asked, commit, papers, planned

    request = asked(home, as_of)
    with planned(home, as_of, request.condition) as plan:
        write_corrections(plan.db, *papers(plan), **plan.given)
        commit(plan, request, by=by, because=because, recorded_at=moment)


def erase(home: Path, borrower_id: str, by: str, because: str, moment: datetime) -> Any:
    """Take a borrower out of the home and its record, while nobody else writes to either."""
    from tasks.access import erase as verb
    from tasks.checkpoint import sign_standing

    with acting(home, "the erasure of a borrower", moment):
        try:
            return verb(home, borrower_id, by=by, because=because, recorded_at=moment)
        except NotFound:
            sign_standing(home, moment)  # an earlier call may have been cut off before it signed
            raise


def prune(home: Path, by: str, because: str, moment: datetime) -> Any:
    """Let go what the profile keeps no longer, while nobody else writes to the home."""
    from tasks.prune import prune as verb

    with acting(home, "prune", moment):
        return verb(home, by=by, because=because, recorded_at=moment)


@contextmanager
def acting(home: Path, doing: str, moment: datetime) -> Iterator[None]:
    """Have the home inside; what was added to its record is signed at the end."""
    from tasks.checkpoint import check_standing_key, sign_standing
    from tasks.lock import turn

    with turn(home, doing, moment):
        check_standing_key(home)
        yield
        sign_standing(home, moment)


def publish(home: Path, moment: datetime) -> dict[str, Any]:
    """Hand over what is due of every batch; what cannot be stays due, and is told."""
    from tasks.publish import deliver_due

    with acting(home, "publish", moment):
        published = deliver_due(home, moment)
    left = bool(published.undelivered)
    done = "published" if published.batches else "unchanged"
    return {
        "status": "due" if left else done,
        "exit_code": EXIT_CODES["failed"] if left else 0,
        "batches": published.batches,
        "changes": published.changes,
        **_left_due(published),
        "next": publish_command(home) if left else "",
    }


def _left_due(published: Published) -> dict[str, Any]:
    return {"notes": list(published.notes), "undelivered": _undelivered(published)}


def _undelivered(published: Published) -> list[dict[str, Any]]:
    return [asdict(each) for each in published.undelivered]


def _done_or_held(home: Path, as_of: date, action: str, by: str) -> Receipt | None:
    """What an earlier call of this person's command committed, which may have been cut off; None where the
    night is still held. Raises NotFound for any other.
    """
    from tasks.approve import check_held, done_before

    done = done_before(home, as_of, action, by)
    if done is None:
        check_held(home, as_of)
    return done


def _told_again(night: Night, receipt: Receipt, found: dict[str, Any]) -> dict[str, Any]:
    """Leave the outcome and the report as they stand now."""
    from tasks.report import report_again

    report_again(night.home, receipt)
    keep(night, found)
    return found


def _discarded(home: Path, as_of: date) -> Receipt:
    from tasks.approve import last_discarded

    return last_discarded(home, as_of)


def _head(receipt: Receipt, status: str) -> dict[str, Any]:
    return {
        "night": receipt.as_of.isoformat(),
        "status": status,
        "exit_code": 0,
        "root": receipt.root,
        "batch": receipt.batch,
    }


def _paths(receipt: Receipt, made: Mapping[str, Path]) -> dict[str, str]:
    return {name: str(path) for name, path in {**receipt.paths, **made}.items()}


def _night(home: Path, as_of: date, moment: datetime) -> Night:
    return Request(source="", as_of=as_of, home=str(home)).night(scheduled=moment, recorded_at=moment)


def _again(night: Night) -> str:
    return f"linewatch night --as-of {night.as_of} --source SPEC{home_option(night.home)}"
