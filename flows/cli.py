"""What a person can type: each command asks a verb of tasks/, or starts a flow.

Prefect is imported only where a flow runs, so that a question is answered in a second.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, CycloptsError, Parameter

from flows import judging, keeping, nights, settings, verbs
from flows.borrower import borrower
from flows.ledger import ledger
from flows.letters import letters
from flows.log import log
from flows.misread import misread
from flows.options import COMMON, PAPERS, PARTS, SHARE, THREADS, Common, Papers, Parts, request_of
from flows.policy import policy
from flows.prune import prune
from flows.queue import queue
from flows.regulation import regulation
from flows.scorecard import scorecard
from flows.terminal import (
    Reply,
    answer,
    end_without_noise,
    fault_of_ours,
    own_standard_output,
    refusal,
)
from linewatch.errors import LinewatchError
from linewatch.room import disk_told, keep_private

USAGE = 2


def _version() -> str:
    from importlib.metadata import version

    return version("linewatch")


app = App(
    name="linewatch",
    help="Reviews every credit line of a lender once a night, and can say why.",
    version=_version,
    version_flags=["--version"],
)
app.command(queue)
app.command(letters)
app.command(log)
app.command(scorecard)
app.command(regulation)
app.command(ledger)
app.command(policy)
app.command(borrower)
app.command(keeping.replay)
app.command(keeping.backup)
app.command(keeping.restore)
app.command(prune)
app.command(judging.approve)
app.command(judging.discard)
app.command(judging.reverse)


@app.command
def init(directory: Path, *, common: Common = COMMON) -> Reply:
    """Write a lender's own profile, policy, scorecards, packs and notices into a folder, to be changed.

    Parameters
    ----------
    directory
        The folder; a file that stands there already is never overwritten.
    """
    return verbs.init(directory)


@app.command
def night(
    *,
    source: str,
    as_of: date | None = None,
    first: Annotated[date | None, Parameter(name="--from")] = None,
    last: Annotated[date | None, Parameter(name="--to")] = None,
    threads: Annotated[int | None, Parameter(validator=THREADS)] = None,
    revise: Annotated[bool, Parameter(negative="")] = False,
    full: Annotated[bool, Parameter(negative="")] = False,
    parts: Parts = PARTS,
    papers: Papers = PAPERS,
    common: Common = COMMON,
) -> Reply:
    """Review every line as it stood at the end of a day.

    Ends with 0 done, 1 a fault of ours, 2 data or a document refused, 3 held for approval, 4 busy.

    Parameters
    ----------
    source
        A folder in the contract ({as_of} in it stands for the day), postgresql://user@host/db without a
        password, or NAME:PATH with NAME a mapping.
    as_of
        The day; left out, yesterday in the profile's zone, or the last day of a mapped data set.
    first
        Catch up from this day, in order, to --to.
    last
        The last day to catch up; left out, as --as-of left out.
    threads
        Threads of DuckDB; left out, every core. The decisions do not depend on it.
    revise
        Decide the newest night again from other data or documents, by changes to what it left in force.
    full
        Read all of the source, and share no file with an earlier night's snapshot.
    """
    request = request_of(source, as_of, threads, papers, common, parts, revise=revise, full=full)
    return nights.run(request, first, last, **_shown(common))


@app.command
def demo(
    *,
    borrowers: int = 100_000,
    out: Path,
    seed: int = 1,
    nights: int = 1,
    every: Literal["day", "month"] = "month",
    dirty: Annotated[float, Parameter(validator=SHARE)] = 0.0,
    feedback: Path | None = None,
    as_of: date | None = None,
    common: Common = COMMON,
) -> Reply:
    """Write a generated lender, a folder a night, the same for the same seed.

    Parameters
    ----------
    borrowers
        How many borrowers.
    out
        The folder; a night lies in OUT/<as_of>/*.parquet.
    seed
        Another seed is another lender.
    nights
        How many successive nights.
    every
        day or month: how far apart the nights lie.
    dirty
        Share of rows that are spoilt on purpose, each kind listed beside the data.
    feedback
        A home: the next night starts from what was published there.
    as_of
        The last night.
    """
    return verbs.demo(
        out,
        borrowers=borrowers,
        seed=seed,
        nights=nights,
        every=every,
        dirty=dirty,
        feedback=feedback,
        as_of=as_of,
    )


@app.command
def run_demo(
    *, borrowers: int = 20_000, nights: int = 3, out: Path = Path("var"), common: Common = COMMON
) -> Reply:
    """Make a small lender, run its nights a month apart, and say where everything is.

    Parameters
    ----------
    borrowers
        How many borrowers.
    nights
        How many nights; each starts from what the one before published.
    out
        OUT/demo and OUT/home are made anew if an earlier run made them.
    """
    from flows import showing

    return showing.run(borrowers, nights, out, **_shown(common))


@app.command
def explain(
    facility: str,
    *,
    as_of: date | None = None,
    if_: Annotated[tuple[str, ...], Parameter(name="--if", negative="")] = (),
    common: Common = COMMON,
) -> Reply:
    """Print the walk of one line: each step, the limit after it, what did it, and the reasons.

    Parameters
    ----------
    facility
        The line's facility_id.
    as_of
        The night; left out, the newest one.
    if_
        COLUMN=VALUE of the data contract: what would have been decided then; may be given again.
    """
    return verbs.explain(common.home.absolute(), facility, as_of, if_)


@app.command
def status(*, common: Common = COMMON) -> Reply:
    """Say what stands in the home: nights, held ones, publications and cases that wait."""
    return verbs.status(common.home.absolute())


@app.command
def publish(*, common: Common = COMMON) -> Reply:
    """Hand over the changes that are due, of every batch, each once; what cannot be handed over stays due.

    Ends with 0 when nothing is due any more, else 1.
    """
    return verbs.publish(common.home.absolute())


@app.command
def serve(
    *,
    source: str = "",
    port: int = 4200,
    threads: Annotated[int | None, Parameter(validator=THREADS)] = None,
    papers: Papers = PAPERS,
    common: Common = COMMON,
) -> Reply:
    """Start Prefect's server, its pages, the nightly schedule and a worker on this machine, until Ctrl-C.

    Parameters
    ----------
    source
        What the scheduled nights read; left out, HOME/inbox/{as_of}.
    port
        Where the pages are, on 127.0.0.1 alone.
    threads
        Threads of DuckDB for scheduled nights.
    """
    from flows import serve

    wanted = source or str(common.home.absolute() / "inbox" / "{as_of}")
    return serve.run(request_of(wanted, None, threads, papers, common), port, debug=common.debug)


def main(words: Sequence[str] | None = None) -> None:
    """The console script: ends with the exit code of docs/runbook.md."""
    end_without_noise()
    sys.exit(run(list(sys.argv[1:] if words is None else words)))


def run(words: list[str]) -> int:
    try:
        command, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        with own_standard_output() as out:
            answer(misread(error), out, as_json="--json" in words)
        return USAGE
    common = bound.arguments.get("common", COMMON)
    if not isinstance(common, Common) or "tokens" in bound.arguments or "console" in bound.arguments:
        command(*bound.args, **bound.kwargs)
        return 0
    if command is not init:  # documents are for all who own them, and hold nothing of a person
        keep_private()
    if command is not run_demo:  # it runs nights in a home of its own
        settings.prepare(common.home.absolute(), debug=common.debug)
    with own_standard_output() as out:
        reply = _reply(command, bound, common)
        answer(reply, out, as_json=common.json)
    return reply.exit_code


def _reply(command: Any, bound: Any, common: Common) -> Reply:
    day = bound.arguments.get("as_of")
    night = day.isoformat() if isinstance(day, date) else None
    try:
        with disk_told(common.home.absolute()):
            return command(*bound.args, **bound.kwargs)
    except KeyboardInterrupt:
        return Reply(
            {"status": "stopped"}, exit_code=130, said=["Stopped. The next start finishes or begins again."]
        )
    except LinewatchError as error:
        if common.debug:
            traceback.print_exc()
        return refusal(error, night)
    except Exception as error:
        if common.debug:
            traceback.print_exc()
        return fault_of_ours(error, common.home.absolute(), night)


def _shown(common: Common) -> dict[str, bool]:
    return {"debug": common.debug}
