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
