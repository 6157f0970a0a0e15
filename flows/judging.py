"""Commands for what a person decides of a whole night: to let it through, throw it away or undo it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from flows import verbs
from flows.options import COMMON, Common
from flows.terminal import Reply


def approve(
    as_of: date,
    *,
    by: str,
    because: str,
    protective_only: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> Reply:
    """Commit a held night as it was computed, or its blocks alone.

    Parameters
    ----------
    as_of
        The held night.
    by
        Who approves.
    because
        Why, for the record.
    protective_only
        Block the lines that the night would block; all else of it is discarded, and its day may be run again.
    """
    return verbs.approve(common.home.absolute(), as_of, by, because, protective_only)


def discard(as_of: date, *, by: str, because: str, common: Common = COMMON) -> Reply:
    """Throw a held night away, so that its day can be run again.

    Parameters
    ----------
    as_of
        The held night.
    by
        Who discards.
    because
        Why, for the record.
    """
    return verbs.discard(common.home.absolute(), as_of, by, because)


def reverse(
    as_of: date,
    *,
    by: str,
    because: str,
    where: str = "",
    second: str = "",
    confirm: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> Reply:
    """Undo a committed night: one person asks and is shown what it would do, another confirms.

    Lines are set back to where the night found them; a line that was changed since is listed and left.

    Parameters
    ----------
    as_of
        The night to undo.
    by
        Who asks, or confirms.
    because
        Why, for the record.
    where
        Only lines whose decision meets this, such as "segment = 'consumer_new' and jurisdiction = 'CN'".
    second
        Who is asked to confirm; left out, anybody else who may.
    confirm
        Do what another person asked for.
    """
    return verbs.reverse(common.home.absolute(), as_of, by, because, where, second, confirm)
