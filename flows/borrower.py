"""`linewatch borrower`: what a borrower may ask of what is held of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from cyclopts import App

from flows import verbs
from flows.options import COMMON, Common
from flows.terminal import Reply

borrower = App(name="borrower", help="What is held of a borrower.")


@borrower.command(name="export")
def borrower_export(borrower_id: str, *, out: Path | None = None, common: Common = COMMON) -> Reply:
    """Write all that is held of a borrower, as JSON and as a page to be read, with where each row lies.

    Parameters
    ----------
    borrower_id
        As in the source.
    out
        A folder; left out, one under out/access of the home.
    """
    return verbs.borrower_export(common.home.absolute(), borrower_id, out)


@borrower.command(name="explain")
def borrower_explain(
    borrower_id: str,
    *,
    as_of: date | None = None,
    language: Literal["zh", "en"] | None = None,
    out: Path | None = None,
    common: Common = COMMON,
) -> Reply:
    """Tell how every limit of a borrower came about, in words that can be read out to them.

    Letters, what a person is looking at, why a limit was not raised, what would help, whom to turn to;
    nothing of other people, and nothing that warns whoever is suspected.

    Parameters
    ----------
    borrower_id
        As in the source.
    as_of
        A committed night; left out, the newest one.
    language
        Left out, the borrower's own, as in their letters.
    out
        A file for it as one page, outside of the home; left out, plain text.
    """
    return verbs.borrower_explain(common.home.absolute(), borrower_id, as_of, language, out)


@borrower.command(name="erase")
def borrower_erase(borrower_id: str, *, by: str, because: str, common: Common = COMMON) -> Reply:
    """Take a borrower out of every snapshot, decision, letter and file, once the law lets them go.

    The log stays whole: it keeps hashes that tell nothing. Ends with 2 while a record of law keeps them.

    Parameters
    ----------
    borrower_id
        As in the source.
    by
        Who erases.
    because
        Why, for the record: no key or name of a person.
    """
    return verbs.borrower_erase(common.home.absolute(), borrower_id, by, because)
