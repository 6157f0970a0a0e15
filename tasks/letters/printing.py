"""Letters on paper, a file each, in a folder outside the home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger import standing_ledger
from linewatch.errors import NightHeld, NotFound
from linewatch.room import home_option, whole
from tasks.letters.letter import Letter, letters_of
from tasks.letters.look import of_night, reading, refuse_inside, sought
from tasks.letters.paper import paper_of


@dataclass(frozen=True)
class Printed:
    """Where letters were left, named by their draft_id, and those that no font of the machine shows."""

    folder: Path
    letters: int
    not_shown: dict[str, NotFound]


def print_letter(home: Path, draft_id: str, out: Path, font: Path | None = None) -> Printed:
    """Leave one letter as PDF in a folder.

    Raises NotFound where there is no such letter or no font shows it, NightHeld where its night is held,
    DataRefused for a folder in the home.
    """
    refuse_inside(home, out)
    found = [each for each in sought(home, draft_id) if each.letter.draft_id == draft_id]
    if not found:
        raise NotFound(
            f"{draft_id} is no draft_id, but names a line.",
            what_now=f"linewatch letters show {draft_id}{home_option(home)} says what its letters are.",
        )
    if found[0].held:
        night = found[0].letter.as_of
        raise NightHeld(
            f"The night of {night} is held: no letter of it goes out.",
            what_now=f"linewatch approve {night} --by WHO --because WHY{home_option(home)}",
        )
    printed = _print([found[0].letter], out, font)
    for error in printed.not_shown.values():
        raise error
    return printed


def print_night(home: Path, as_of: date | None, out: Path, font: Path | None = None) -> Printed:
    """Leave every letter of a committed night as PDF in a folder, those of its revisions, settlements and
    corrections too; None: the newest night.

    Raises NotFound for a night that is not committed, DataRefused for a folder in the home.
    """
    refuse_inside(home, out)
    return _print(_letters(home, as_of), out, font)


def _letters(home: Path, as_of: date | None) -> Iterator[Letter]:
    batches = of_night(standing_ledger(home), as_of, held_too=False)
    with reading(home) as db:
        for batch in batches:
            yield from letters_of(db, home, batch)


def _print(letters: Iterator[Letter] | list[Letter], out: Path, font: Path | None) -> Printed:
    count = 0
    not_shown: dict[str, NotFound] = {}
    for letter in letters:
        try:
            paper = paper_of(letter, font)
        except NotFound as error:
            not_shown[letter.draft_id] = error
            continue
        out.mkdir(parents=True, exist_ok=True)
        with whole(out / f"{letter.draft_id}.pdf") as half:
            half.write_bytes(paper)
        count += 1
    return Printed(out, count, not_shown)
