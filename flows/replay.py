"""`linewatch replay`: committed nights decided again by their own steps, and their roots compared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed, Failed, State
from pydantic import Field

from flows.again import decided_again
from flows.request import Request
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.counting import counted
from linewatch.errors import DataRefused, DocumentRefused, NotFound
from tasks.again import Batch, standing
from tasks.replay import NOT_REPLAYED, SAME, Replayed, committed, compare, not_replayed

OK, DIFFER, REFUSED = 0, 1, 2


@flow(name="replay-nights", flow_run_name="replay-{as_of}", persist_result=False)
def replay_nights(
    as_of: date | None = None,
    threads: Annotated[int | None, Field(ge=1, le=1024)] = None,
    home: str | None = None,
) -> State[dict[str, Any]]:
    """Decide past nights again and compare their roots; the run fails where one is not the same.

    Args:
        as_of: The night; left out, every committed night in order.
        threads: Threads of DuckDB; the decisions do not depend on it.
        home: The lender's home. It is filled in already: leave it as it is.
    """
    place = Request(source="", home=home).folder
    begun(place)
    nights = [one(place, as_of, threads, None)] if as_of else list(all_of(place, threads, None))
    told = summary(nights)
    if told["exit_code"] == OK:
        return Completed(message=_words(told), data=told)
    others = "; ".join(f"{each.content['night']} {each.status}" for each in nights if each.status != SAME)
    return Failed(message=f"{_words(told)}; {others}: linewatch replay says where")


def answer(
    home: Path, as_of: date | None, *, every: bool, threads: int | None = None, out: Path | None = None
) -> Reply:
    """Ends with 0 where every root came again, 1 where one did not, 2 where a night could not be replayed."""
    begun(home)
    if every == (as_of is not None):
        raise DataRefused(
            "Name one night, or ask for all of them.",
            what_now="linewatch replay 2026-11-21   or: linewatch replay --all",
        )
    if as_of is not None:
        found = one(home, as_of, threads, out)
        return Reply({**found.content, "exit_code": exit_code([found])}, found.text, exit_code([found]))
    nights = []
    for found in all_of(home, threads, out):
        print(found.text, file=sys.stderr, flush=True)
        nights.append(found)
    told = summary(nights)
    return Reply({**told, "nights": [found.content for found in nights]}, _words(told), told["exit_code"])


def one(home: Path, as_of: date, threads: int | None, out: Path | None) -> Replayed:
    """Decide a night again as it stands, and compare; what could not be decided again says why."""
    return version(home, standing(home, as_of), threads, out)


def version(home: Path, batch: Batch, threads: int | None, out: Path | None) -> Replayed:
    """A night, or a revision of it, decided again and compared."""
    try:
        with decided_again(home, batch=batch, letters=True, threads=threads) as night:
            return compare(night, batch, home, out)
    except (NotFound, DocumentRefused, DataRefused) as error:
        return not_replayed(batch, error)


def all_of(home: Path, threads: int | None, out: Path | None) -> Iterator[Replayed]:
    """Every committed night and revision in order, each told as soon as it is known."""
    for batch in committed(home):
        yield version(home, batch, threads, out / batch.batch if out else None)


def summary(nights: list[Replayed]) -> dict[str, Any]:
    """How many nights came to what, and how that ends."""
    counts = {"replayed": len(nights), "same": 0, "differs": 0, "altered": 0, "not_replayed": 0}
    for found in nights:
        counts[found.status] += 1
    return {"status": _status(nights), **counts, "exit_code": exit_code(nights)}


def exit_code(nights: list[Replayed]) -> int:
    """A night that cannot be replayed is no proof of anything, and one that differs weighs more."""
    found = {night.status for night in nights}
    if found - {SAME, NOT_REPLAYED}:
        return DIFFER
    return REFUSED if NOT_REPLAYED in found else OK


def _status(nights: list[Replayed]) -> str:
    return {OK: SAME, DIFFER: "differs", REFUSED: NOT_REPLAYED}[exit_code(nights)]


def _words(told: dict[str, Any]) -> str:
    """One line for all of them."""
    named = ("same", "differs", "altered", "not_replayed")
    counts = ", ".join(f"{name.replace('_', ' ')} {told[name]:,}" for name in named if told[name])
    return (
        f"{counted(told['replayed'], 'night')}: {counts}"
        if told["replayed"]
        else "No night is committed in this home."
    )
