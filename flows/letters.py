"""`linewatch letters`: letters that were drafted, printed, on paper, side by side. None is sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from flows.options import AT_LEAST_ONE, COMMON, Common
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.counting import counted, were
from linewatch.errors import DataRefused

NOT_SHOWN = DataRefused.exit_code
FIRST = 5
"""Letters that are named of those that could not be printed."""

letters = App(name="letters", help="The letters that were drafted; none is sent.")

Night = Annotated[date | None, Parameter(name="--night")]


@letters.command
def show(key: str, *, as_of: date | None = None, common: Common = COMMON) -> Reply:
    """Print a letter, or those that tell of a line.

    Parameters
    ----------
    key
        The reference that a letter ends with, a draft_id, as in drafts.jsonl, or a line's facility_id.
    as_of
        The night; left out, the newest one that has such a letter.
    """
    home = common.home.absolute()
    begun(home)
    from tasks.letters.look import sought
    from tasks.letters.outbox import entry
    from tasks.letters.text import told

    found = sought(home, key, as_of)
    content = {
        "letters": [
            {**entry(each.letter), "reference": each.letter.reference, "held": each.held} for each in found
        ]
    }
    return Reply(content, "\n".join(told(each) for each in found))


@letters.command
def pdf(
    *,
    draft: str | None = None,
    as_of: Night = None,
    out: Path,
    font: Path | None = None,
    common: Common = COMMON,
) -> Reply:
    """Write letters as PDF for paper of A4, a file each, named by its draft_id.

    Ends with 2 where a letter could not be written, as no font has all of its signs.

    Parameters
    ----------
    draft
        One letter; left out, all of a night.
    as_of
        A committed night, with its revisions, settlements and corrections; left out, the newest.
    out
        A folder outside the home.
    font
        A font to be tried before those of the machine: a .ttf, .otf or .ttc file.
    """
    home, folder = common.home.absolute(), out.absolute()
    if draft is not None and as_of is not None:
        raise DataRefused("--draft and --night were both given.", what_now="Give one of them.")
    begun(home)
    from tasks.letters.printing import print_letter, print_night

    made = print_letter(home, draft, folder, font) if draft else print_night(home, as_of, folder, font)
    return _printed(made)


@letters.command
def gallery(
    *,
    as_of: Night = None,
    out: Path,
    each: Annotated[int, Parameter(validator=AT_LEAST_ONE)] = 1,
    common: Common = COMMON,
) -> Reply:
    """Write a page with letters of each kind, language and country of a night, for your own people.

    Parameters
    ----------
    as_of
        The night, committed or held; left out, the newest.
    out
        The page, outside the home.
    each
        How many of each kind, language and country.
    """
    home = common.home.absolute()
    begun(home)
    from tasks.letters.gallery import write_gallery

    made = write_gallery(home, as_of, out.absolute(), each)
    content = {
        "night": made.as_of.isoformat(),
        "path": str(made.path),
        "shown": made.shown,
        "letters": made.letters,
        "held": made.held,
    }
    held = ", which is held: none has gone out" if made.held else ""
    words = f"{made.path}: {made.shown:,} of {counted(made.letters, 'letter')}, night of {made.as_of}{held}"
    return Reply(content, words)


@letters.command
def outbox(*, as_of: Night = None, common: Common = COMMON) -> Reply:
    """Write the outbox of a committed night again, and those of its revisions, settlements and corrections.

    Parameters
    ----------
    as_of
        The night; left out, the newest.
    """
    home = common.home.absolute()
    begun(home)
    from tasks.letters.outbox import write_outboxes

    paths = [str(path) for path in write_outboxes(home, as_of)]
    return Reply({"paths": paths}, "\n".join(paths))


def _printed(made: Any) -> Reply:
    content = {"out": str(made.folder), "letters": made.letters, "not_shown": sorted(made.not_shown)}
    words = f"{made.folder}: {counted(made.letters, 'letter')}"
    if not made.not_shown:
        return Reply(content, words)
    named = sorted(made.not_shown)
    said = [
        f"{counted(len(named), 'letter')} {were(len(named))} not written: {', '.join(named[:FIRST])}"
        + (" and more" if len(named) > FIRST else ""),
        made.not_shown[named[0]].shown,
    ]
    return Reply(content, words, NOT_SHOWN, said)
