"""`linewatch regulation`: what the law asked for on a night, and of whom."""

from __future__ import annotations

from datetime import date

from cyclopts import App

from flows import verbs
from flows.options import COMMON, Common
from flows.terminal import Reply

regulation = App(name="regulation", help="The law of a night.")


@regulation.command
def show(*, as_of: date | None = None, common: Common = COMMON) -> Reply:
    """List the records of law in force on a night, and what each bound of its lines.

    Parameters
    ----------
    as_of
        The night; left out, the newest one.
    """
    return verbs.regulation_show(common.home.absolute(), as_of)
