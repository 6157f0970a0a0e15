"""Two sets of decisions on one night, laid beside each other: where they part, column by column."""

# The names come from the files of a batch and from our own statements, and are checked to be plain names.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sql.engine import Cursor, StatementFailed, checked_name, words_of

KEY = "facility_id"
COMMITTED = "committed_decision"


@dataclass(frozen=True)
class Parting:
    """How many lines part, and the columns that one of the two sets alone has."""

    lines: int
    only_committed: tuple[str, ...]
    only_again: tuple[str, ...]


def part(
    db: Cursor,
    file: Path,
    again: str,
    order: Sequence[str],
    steps: Mapping[str, str],
    left_out: Iterable[str] = (),
) -> Parting:
    """Leave `parting`, a row for each line and column in which a file and a table differ, as text.

    `order` are the columns in the order in which a decision comes about; one that it does not name comes
    last. `steps` names the step that leaves a column. A line that one set alone has differs in its key.
    Lines `left_out` are not compared. Raises StatementFailed for a file that cannot be read.
    """
    db.replace("sought_line", [{KEY: line} for line in left_out])
    try:
        db.parquet(COMMITTED, [file])
    except duckdb.Error as error:
        raise StatementFailed(f"{file.name}: {words_of(error)}") from None
    was, now = db.columns(COMMITTED), db.columns(again)
    shared = [name for name in _ordered(now, order) if name in was]
    differs = " or ".join(_differs(name, was, now, "was.", "now.") for name in shared)
    db.build_written(
        "parted_line",
        f"select was, now from {COMMITTED} as was full join {checked_name(again)} as now"
        f" on was.{KEY} = now.{KEY} where ({differs})"
        f" and coalesce(was.{KEY}, now.{KEY}) not in (select {KEY} from sought_line)",
    )
    found = [
        f"select coalesce(was.{KEY}, now.{KEY}) as {KEY}, {at} as ordinal, '{name}' as column_name,"
        f" '{steps.get(name, '')}' as step,"
        f" cast(was.{name} as varchar) as committed, cast(now.{name} as varchar) as again"
        f" from parted_line where {_differs(name, was, now, 'was.', 'now.')}"
        + ("" if name == KEY else f" and was.{KEY} = now.{KEY}")
        for at, name in enumerate(shared)
    ]
    db.build_written("parting", " union all ".join(found))
    return Parting(
        db.count("parted_line"),
        tuple(name for name in was if name not in now),
        tuple(name for name in now if name not in was),
    )


def _ordered(columns: Mapping[str, str], order: Sequence[str]) -> list[str]:
    known = [name for name in order if name in columns]
    return known + [name for name in columns if name not in order]


def _differs(name: str, was: Mapping[str, str], now: Mapping[str, str], left: str, right: str) -> str:
    """Values of one type are compared as they are; another version's type only as it is written."""
    checked_name(name)
    if was[name] == now[name]:
        return f"{left}{name} is distinct from {right}{name}"
    return f"cast({left}{name} as varchar) is distinct from cast({right}{name} as varchar)"
