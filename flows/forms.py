"""What the forms of Prefect's pages ask for: what a person decides of a whole night, and who and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed, State
from pydantic import Field

from flows import clock, people
from flows.request import Request
from linewatch.errors import DataRefused
from linewatch.room import keep_private
from tasks.status import status

Name = Annotated[str, Field(min_length=2)]
Reason = Annotated[str, Field(min_length=10)]
Decided = dict[str, Any] | State[dict[str, Any]]


@flow(name="approve-night", flow_run_name="approve-{as_of}", persist_result=False)
def approve_night(
    as_of: date,
    by: Name,
    because: Reason,
    confirm: bool = False,
    protective_only: bool = False,
    home: str | None = None,
) -> Decided:
    """Commit a held night as it was computed, or the blocks of it alone.

    Args:
        as_of: The held night.
        by: Who approves; the record keeps the name.
        because: Why, in a sentence; the record keeps it.
        confirm: Set it to say that you have read the night's report and mean it.
        protective_only: Block the lines that the night would block, and discard all else of it.
        home: The lender's home. It is filled in already: leave it as it is.
    """
    verb = people.protect if protective_only else people.approve
    return _decided(verb, confirm, _home(home), as_of, by, because)


@flow(name="discard-night", flow_run_name="discard-{as_of}", persist_result=False)
def discard_night(
    as_of: date, by: Name, because: Reason, confirm: bool = False, home: str | None = None
) -> Decided:
    """Throw a held night away; its day may be run again.

    Args:
        as_of: The held night.
        by: Who discards; the record keeps the name.
        because: Why, in a sentence; the record keeps it.
        confirm: Set it to say that you have read the night's report and mean it.
        home: The lender's home. It is filled in already: leave it as it is.
    """
    return _decided(people.discard, confirm, _home(home), as_of, by, because)


@flow(name="reverse-night", flow_run_name="reverse-{as_of}", persist_result=False)
def reverse_night(
    as_of: date,
    by: Name,
    because: Reason,
    confirm: bool = False,
    where: str = "",
    second: str = "",
    home: str | None = None,
) -> Decided:
    """Undo a committed night: one person asks and sees what it would do, another confirms.

    Args:
        as_of: The night to undo.
        by: Who asks, or who confirms; the record keeps the name.
        because: Why, in a sentence; the record keeps it.
        confirm: Left out, the request is put on record; set, what another person asked for is done.
        where: Only lines whose decision meets this, such as "segment = 'consumer_new'"; for the request.
        second: Who is asked to confirm; left out, anybody else who may. For the request.
        home: The lender's home. It is filled in already: leave it as it is.
    """
    place = _home(home)
    if confirm:
        return _decided(people.confirm_reversal, True, place, as_of, by, because)

    def ask(home: Path, as_of: date, by: str, because: str, moment: datetime) -> dict[str, Any]:
        return people.ask_reversal(home, as_of, by, because, where, second, moment)

    return _decided(ask, True, place, as_of, by, because)


def _decided(
    verb: Callable[[Path, date, str, str, datetime], dict[str, Any]],
    confirm: bool,
    home: Path,
    as_of: date,
    by: str,
    because: str,
) -> Decided:
    """What came of it; the run of what waits for a second person shows as Held."""
    if not confirm:
        raise DataRefused(
            "Nothing was done: `confirm` is not set.",
            what_now=f"Read the report of {as_of}, then run it again with `confirm` set.",
        )
    keep_private()
    status(home, clock.now().date())
    found = verb(home, as_of, by, because, clock.now())
    if found["status"] in ("held", "asked"):
        return Completed(name="Held", message=f"a second person is needed: {found['next']}", data=found)
    return found


def _home(home: str | None) -> Path:
    return Request(source="", home=home).folder
