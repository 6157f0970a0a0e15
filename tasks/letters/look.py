"""Find letters in a home: one by its key or its line's, or all of a night."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger import Batch, Ledger, standing_ledger
from linewatch.counting import counted
from linewatch.errors import DataRefused, NotFound
from linewatch.room import home_option
from sql.engine import Cursor
from sql.passing import passing
from tasks.letters.letter import Letter, letters_of

STANDING = ("committed", "held")
SOUGHT = "letters/sought_letter"


@dataclass(frozen=True)
class Seen:
    """A letter, and whether it may go out."""

    letter: Letter
    held: bool
    """It is of a night that waits for a person: nobody is to have it yet."""


def sought(home: Path, key: str, as_of: date | None = None) -> list[Seen]:
    """The letter of a draft_id or a reference, or those that tell of a line: of a night all of them, else
    those of the newest batch that has any.

    Raises NotFound where there is none.
    """
    ledger = standing_ledger(home)
    batches = [each for each in _standing(ledger) if as_of is None or each.as_of == as_of]
    with reading(home) as db:
        found: list[Seen] = []
        for batch in reversed(batches):
            some = [
                Seen(each, batch.state == "held") for each in letters_of(db, home, batch, SOUGHT, key=key)
            ]
            found = [*some, *found]
            if found and as_of is None:
                return found
    if not found:
        raise _none(ledger, batches, key, as_of)
    return found


def of_night(ledger: Ledger, as_of: date | None, *, held_too: bool) -> list[Batch]:
    """The batches of a night that stands, its own first; where no day is named, of the newest.

    Raises NotFound where none stands, or its letters were pruned.
    """
    if as_of is None and held_too and (waiting := ledger.held()) is not None:
        as_of = waiting.as_of
    night = ledger.standing(as_of, held_too=held_too)
    ledger.check_there(night, "drafts")
    states = STANDING if held_too else STANDING[:1]
    return [each for each in _standing(ledger) if each.as_of == night.as_of and each.state in states]


def refuse_inside(home: Path, out: Path) -> None:
    """Raise DataRefused for a place in the home: no erasure would find what is put there."""
    if out.resolve().is_relative_to(home.resolve()):
        raise DataRefused(
            f"{out} lies in the home, where nothing that is copied out of it is looked for.",
            what_now="Name a place elsewhere; a borrower who is erased is to be taken out of it by hand.",
        )


@contextmanager
def reading(home: Path) -> Iterator[Cursor]:
    with passing(home) as engine, engine.cursor() as db:
        yield db


def _standing(ledger: Ledger) -> list[Batch]:
    """Committed and held batches with letters, the oldest first."""
    return [each for each in ledger.batches() if each.state in STANDING and "drafts" in each.files]


def _none(ledger: Ledger, batches: list[Batch], key: str, as_of: date | None) -> NotFound:
    gone = [each for each in ledger.batches() if "drafts" in each.gone and as_of in (None, each.as_of)]
    pruned = f" The letters of {counted(len(gone), 'batch', 'batches')} were pruned." if gone else ""
    return NotFound(
        f"No letter has the reference or draft_id {key}, and none tells of a line {key}"
        f"{f' on {as_of}' if as_of else ''}.",
        where=f"Looked into {counted(len(batches), 'batch', 'batches')} of {ledger.home}.{pruned}",
        what_now="Keys stand in drafts.jsonl, in the folder of a night under out/; why a line has no letter:"
        f" linewatch explain {key}{home_option(ledger.home)}",
    )
