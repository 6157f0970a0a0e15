"""`linewatch queue`: the review queue, printed or written, and what reviewers do to its cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from flows import answers, casework, evidence, verbs
from flows.options import AT_LEAST_ONE, COMMON, Common
from flows.terminal import Reply

ForWhom = Annotated[str | None, Parameter(name="--for")]

queue = App(name="queue", help="The review queue.")


@queue.command(name="export")
def queue_export(
    *,
    as_of: date | None = None,
    format: Literal["xlsx", "csv", "parquet"] = "xlsx",
    team: str | None = None,
    limit: Annotated[int | None, Parameter(validator=AT_LEAST_ONE)] = None,
    by: ForWhom = None,
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
    by
        Only the cases that this person may decide: neither those that somebody else has taken nor those that
        they decided themselves and somebody else must look at.
    """
    return verbs.queue_export(common.home.absolute(), as_of, format, team, limit, by)


@queue.command(name="show")
def queue_show(
    *,
    as_of: date | None = None,
    team: str | None = None,
    limit: Annotated[int, Parameter(validator=AT_LEAST_ONE)] = 10,
    by: ForWhom = None,
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
    by
        Only the cases that this person may decide.
    """
    return verbs.queue_show(common.home.absolute(), as_of, team, limit, by)


@queue.command(name="claim")
def queue_claim(
    *cases: str,
    by: str,
    next: Annotated[int, Parameter(validator=AT_LEAST_ONE)] | None = None,
    team: str | None = None,
    common: Common = COMMON,
) -> Reply:
    """Take cases, so that nobody else decides them.

    Parameters
    ----------
    cases
        Their keys, as the queue has them.
    by
        Who takes them.
    next
        In place of keys: the first so many of the queue that nobody has.
    team
        Of the next ones, only the cases of one team.
    """
    return casework.claim(common.home.absolute(), cases, by, next, team)


@queue.command(name="release")
def queue_release(*cases: str, by: str, because: str = "", common: Common = COMMON) -> Reply:
    """Give cases back, one's own or those of somebody who is away.

    Parameters
    ----------
    cases
        Their keys.
    by
        Who gives them back.
    because
        Why.
    """
    return casework.release(common.home.absolute(), cases, by, because)


@queue.command(name="appeal")
def queue_appeal(case: str, *, by: str, because: str, common: Common = COMMON) -> Reply:
    """Open a closed case again, because the borrower asked for it.

    Parameters
    ----------
    case
        Its key.
    by
        Who takes the appeal up.
    because
        What the borrower says.
    """
    return casework.appeal(common.home.absolute(), case, by, because)


@queue.command(name="import")
def queue_import(
    file: Path,
    *,
    rejects: Path | None = None,
    common: Common = COMMON,
) -> Reply:
    """Take in what reviewers answered in a queue, and settle what they decided.

    Every row is checked; good cases are taken, the rows of the others given back. The same file again
    changes nothing.

    Parameters
    ----------
    file
        The queue as it was exported, xlsx or csv, with the answers in it.
    rejects
        Where rows that were not taken are written, to be mended and sent again; left out, beside the queue.
    """
    return answers.take_in(common.home.absolute(), file, rejects)


@queue.command(name="settle")
def queue_settle(*, common: Common = COMMON) -> Reply:
    """Settle the cases that are decided and wait, as while a night ran."""
    return answers.settle(common.home.absolute())


@queue.command(name="case")
def queue_case(case: str, *, common: Common = COMMON) -> Reply:
    """Print how a case stands, all that was done to it, and the evidence that lies beside it.

    Parameters
    ----------
    case
        Its key.
    """
    return casework.look(common.home.absolute(), case)


@queue.command(name="evidence")
def queue_evidence(
    case: str, file: Path, *, by: str, item: str = "", because: str = "", common: Common = COMMON
) -> Reply:
    """Lay a file beside a case: it is copied into the home, and its name is not kept.

    The same file twice changes nothing. A file may have 50 MB.

    Parameters
    ----------
    case
        Its key.
    file
        A photograph, a document, a recording.
    by
        Who adds it.
    item
        The item of the checklist that it answers.
    because
        What it shows.
    """
    return evidence.add(common.home.absolute(), case, file, by, item, because)


@queue.command(name="checklist")
def queue_checklist(what: str, *, common: Common = COMMON) -> Reply:
    """Print what is to be asked or seen, in Chinese and English, and of a case what there is evidence of.

    Parameters
    ----------
    what
        A kind of case (site_visit, interview, desk_review), or the key of a case.
    """
    return evidence.checklist(common.home.absolute(), what)


@queue.command(name="report")
def queue_report(*, since: date | None = None, common: Common = COMMON) -> Reply:
    """Is the human review real? What people answered, how fast, whether two agree, and what came of it.

    Parameters
    ----------
    since
        The first day whose answers count; left out, a year before the newest night.
    """
    return casework.report(common.home.absolute(), since)
