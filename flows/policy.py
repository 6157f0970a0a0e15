"""`linewatch policy`: what a person who owns the policy can ask of its documents before they count."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from flows import clock, settings
from flows.options import COMMON, Common
from flows.terminal import Reply

policy = App(name="policy", help="Documents, before they count: check, compare, try on a past night.")
Files = Annotated[tuple[Path, ...], Parameter(negative="")]


@policy.command
def simulate(
    *,
    policy: Path | None = None,
    scorecard: Files = (),
    pack: Files = (),
    as_of: date | None = None,
    outcome: Path | None = None,
    out: Path | None = None,
    common: Common = COMMON,
) -> Reply:
    """Run drafts beside the documents in force on a past night, touching nothing.

    Parameters
    ----------
    policy
        A draft of the policy.
    scorecard
        A draft of a scorecard; may be given again for each subject.
    pack
        A draft of a regulation pack; may be given again.
    as_of
        The night; left out, the newest one.
    outcome
        A file of borrower_id and defaulted; left out, what the night's source has, if anything.
    out
        A folder that gets each table as a CSV file.
    """
    settings.leave_no_trace(common.home.absolute())
    from flows.simulate import answer

    drafts = {
        "policy": [policy] if policy else [],
        "scorecard": list(scorecard),
        "regulation": list(pack),
    }
    return answer(common.home.absolute(), as_of, drafts, outcome, out)


@policy.command
def diff(old: str, new: str, *, common: Common = COMMON) -> Reply:
    """Tell two versions of a document apart in sentences: any kind, from what to what, and why.

    Parameters
    ----------
    old
        A file; shipped; or of the home's record ID@VERSION, a version, or the first digits of a hash.
    new
        The same.
    """
    from tasks.diff import diff

    found = diff(common.home.absolute(), old, new)
    return Reply(found.content, found.text)


@policy.command
def check(
    *files: Path,
    profile: Path | None = None,
    as_of: date | None = None,
    quick: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> Reply:
    """Name every fault of documents, the rules that can never apply, and try what they promise.

    Ends with 0 where there is no fault, 2 where there is one.

    Parameters
    ----------
    files
        Documents of any kind, in place of those in force of their ids; none: those in force.
    profile
        The lender's profile; the folders beside it hold its other documents.
    as_of
        The day on which they are to be in force; left out, today.
    quick
        Do not try the promises, which takes half a minute.
    """
    settings.leave_no_trace(common.home.absolute())
    from flows.check import answer

    return answer(files, profile, as_of or clock.now().date(), quick=quick)
