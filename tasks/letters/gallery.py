"""The letters of a night side by side on one page, for whoever looks at them before they go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Template

from ledger import Batch, standing_ledger
from linewatch.counting import counted
from linewatch.room import whole
from sql.engine import Cursor
from tasks.letters.letter import Letter, letter_of, look
from tasks.letters.look import of_night, reading, refuse_inside
from tasks.letters.page import environment, fields, style

NOWHERE = "–"


@dataclass(frozen=True)
class Shown:
    """A letter of a gallery, the country of its borrower, and how many are like it."""

    letter: Letter
    jurisdiction: str
    alike: int = 1


FILTERS: Mapping[str, tuple[str, Callable[[Shown], str]]] = {
    "k": ("Kind", lambda one: one.letter.kind),
    "l": ("Language", lambda one: one.letter.language),
    "j": ("Country", lambda one: one.jurisdiction or NOWHERE),
}


@dataclass(frozen=True)
class Gallery:
    """Where a page lies, how many letters it shows, of how many, and whether their night is held."""

    path: Path
    as_of: date
    shown: int
    letters: int
    held: bool


def write_gallery(home: Path, as_of: date | None, out: Path, each: int = 1) -> Gallery:
    """Leave one page with the first `each` letters of every kind, language and country of a night; None: the
    newest one that is held or committed. A held night's may be looked at, and says so.

    Raises NotFound for a night that does not stand, DataRefused for a place in the home.
    """
    refuse_inside(home, out)
    ledger = standing_ledger(home)
    batches = of_night(ledger, as_of, held_too=True)
    night, held = batches[0].as_of, any(batch.state == "held" for batch in batches)
    shown: list[Shown] = []
    with reading(home) as db:
        for batch in batches:
            shown += _first(db, home, batch, _deciding(batches, batch), each)
    letters = sum(batch.files["drafts"].rows for batch in batches)
    first = f"{each:,} first are" if each > 1 else "first is"
    told = f"{counted(letters, 'letter')}. Of each kind, language and country the {first} shown."
    title = f"Letters of {night}" + (", held: none has gone out" if held else "")
    out.parent.mkdir(parents=True, exist_ok=True)
    with whole(out) as half:
        half.write_text(gallery_page(title, told, shown), encoding="utf-8", newline="\n")
    return Gallery(out, night, len(shown), letters, held)


def gallery_page(title: str, told: str, shown: Sequence[Shown]) -> str:
    """A page of letters that can be narrowed by kind, language and country without a script."""
    values = {name: sorted({of(one) for one in shown}) for name, (_, of) in FILTERS.items()}
    letters = [
        {
            "shown": one,
            "classes": [f"{name}{values[name].index(of(one))}" for name, (_, of) in FILTERS.items()],
            **fields(one.letter, level=2),
        }
        for one in shown
    ]
    return _template().render(
        title=title,
        told=told,
        style=style(),
        filters=[(name, heading, values[name]) for name, (heading, _) in FILTERS.items()],
        letters=letters,
    )


def _template() -> Template:
    return environment().get_template("gallery.html.j2")


def _deciding(batches: Sequence[Batch], batch: Batch) -> Batch | None:
    """The batch whose decisions say from which country the borrowers of another are: its own, else the last
    one before it that has any.
    """
    before = [each for each in batches if each.seq <= batch.seq and "decisions" in each.files]
    return before[-1] if before else None


def _first(db: Cursor, home: Path, batch: Batch, deciding: Batch | None, each: int) -> list[Shown]:
    if not look(db, home, batch):
        return []
    path = deciding.path(home, "decisions") if deciding else None
    db.drop("kept_decisions")
    if path is None:
        db.create("schema/kept_decisions")
    else:
        db.parquet("kept_decisions", [path])
    return [
        Shown(letter_of(row, batch), row["jurisdiction"], row["alike"])
        for row in db.rows("letters/gallery", each=each)
    ]
