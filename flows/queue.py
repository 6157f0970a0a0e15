"""`linewatch queue`: the review queue, printed or written."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from cyclopts import App, Parameter

from flows import verbs
from flows.options import AT_LEAST_ONE, COMMON, Common
from flows.terminal import Reply

queue = App(name="queue", help="The review queue.")


@queue.command(name="export")
def queue_export(
    *,
    as_of: date | None = None,
    format: Literal["xlsx", "csv", "parquet"] = "xlsx",
    team: str | None = None,
    limit: Annotated[int | None, Parameter(validator=AT_LEAST_ONE)] = None,
    common: Common = COMMON,
) -> Reply:
    """Write the review queue of a committed night again.

    Parameters
    ----------
    as_of
        The night; left out, the newest one.
    format
        xlsx to be filled in, csv or parquet to be read. A workbook has the first 20,000 cases.
    team
        Only the cases of one team.
    limit
        Only the first so many cases; of a workbook it may be more than 20,000.
    """
    return verbs.queue_export(common.home.absolute(), as_of, format, team, limit)


@queue.command(name="show")
def queue_show(
    *,
    as_of: date | None = None,
    team: str | None = None,
    limit: Annotated[int, Parameter(validator=AT_LEAST_ONE)] = 10,
    common: Common = COMMON,
) -> Reply:
    """Print the first cases of the review queue of a committed night.

    Parameters
    ----------
    as_of
        The night; left out, the newest one.
    team
        Only the cases of one team.
    limit
        How many cases.
    """
    return verbs.queue_show(common.home.absolute(), as_of, team, limit)
