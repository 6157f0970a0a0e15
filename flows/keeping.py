"""Commands for what is kept: seen to be what was decided, copied while nights run, put back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows import settings
from flows.options import COMMON, THREADS, Common
from flows.terminal import Reply


def replay(
    as_of: date | None = None,
    *,
    every: Annotated[bool, Parameter(name="--all", negative="")] = False,
    threads: Annotated[int | None, Parameter(validator=THREADS)] = None,
    out: Path | None = None,
    common: Common = COMMON,
) -> Reply:
    """Decide a past night again, from its snapshot and documents, and compare the roots.

    Ends with 0 where the root is the same, 1 where it is another, 2 where the night cannot be decided again.

    Parameters
    ----------
    as_of
        The night; it touches nothing and may run while a night does.
    every
        Every committed night, in order.
    threads
        Threads of DuckDB; left out, every core.
    out
        A folder for the file of all differences; left out, out/<as_of>/replay of the home.
    """
    settings.leave_no_trace(common.home.absolute())
    from flows.replay import answer

    return answer(common.home.absolute(), as_of, every=every, threads=threads, out=out)


def backup(to: Path, *, common: Common = COMMON) -> Reply:
    """Copy the home as it is at one moment into a new folder under TO, while nights may run.

    Parameters
    ----------
    to
        A folder of this home's own, best on another disk; what an earlier backup there has is shared with it.
    """
    from flows.copies import back_up

    return back_up(common.home.absolute(), to.absolute())


def restore(source: Annotated[Path, Parameter(name="FROM")], *, common: Common = COMMON) -> Reply:
    """Make the home that --home names from a backup, every file checked; it must not be there yet.

    Parameters
    ----------
    source
        A folder that `linewatch backup` wrote to, for the newest backup there, or one backup in it.
    """
    from flows.copies import put_back

    return put_back(source.absolute(), common.home.absolute())
