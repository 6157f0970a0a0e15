"""The main figures of the report on the review, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from linewatch.oversight import hundredths
from linewatch.oversight import told as told_alarm
from tasks.report.figures import duration, percent


def words(told: Mapping[str, Any], page: Path) -> str:
    """A dozen lines, the alarms first."""
    return "\n".join(_lines(told, page))


def _lines(told: Mapping[str, Any], page: Path) -> Iterator[str]:
    head, overridden, pace, twice = (told[name] for name in ("head", "overridden", "pace", "twice"))
    yield f"Night of {head['as_of']}, answers since {head['since']}; cases decided: {overridden['cases']:,}"
    for alarm in told["alarms"]:
        yield _line("alarm", told_alarm(alarm))
    if not told["alarms"]:
        yield _line("alarm", "none")
    yield _line("overridden", _shared(overridden, "overridden", "lines", "lines with a proposal"))
    for row in told["times"]:
        if row["shown"]:
            since = "taken" if row["taken"] else "waiting"
            yield _line(
                "time",
                f"{row['kind'].replace('_', ' ')}, {since}: half in {duration(row['median_s'])},"
                f" nine tenths in {duration(row['ninetieth_s'])} ({row['decisions']:,} decisions)",
            )
    yield _line("too fast", _shared(pace, "fast", "readings", "readings"))
    yield _line("read twice", _twice(twice))
    for row in told["ahead"]:
        yield _line(row["team"], _ahead(row))
    yield _line("page", str(page))


def _line(name: str, said: str) -> str:
    return f"  {name:<12} {said}"


def _shared(row: Mapping[str, Any], part: str, of: str, what: str) -> str:
    if not row["shown"]:
        return "of too few borrowers to tell"
    return f"{percent(row['share_bp'])}: {row[part]:,} of {row[of]:,} {what}"


def _twice(twice: Mapping[str, Any]) -> str:
    if not twice["lines"]:
        return "no line"
    if not twice["shown"]:
        return f"{twice['lines']:,} lines, of too few borrowers to tell"
    kappa = twice["kappa_hundredths"]
    return (
        f"{twice['lines']:,} lines, the same on {percent(twice['share_bp'])}, kappa"
        f" {'undefined: one answer to all' if kappa is None else hundredths(kappa)}"
    )


def _ahead(row: Mapping[str, Any]) -> str:
    new = row["new_a_day_hundredths"]
    coming = "how many come is not known" if new is None else f"{hundredths(new)} a day come"
    if row["capacity"] is None:
        enough = "what can be done is not said"
    elif row["short_on"]:
        enough = f"at {row['capacity']:,} a day short on {row['short_on']}"
    else:
        enough = f"{row['capacity']:,} a day are enough"
    return f"{row['open']:,} wait, {coming}, {enough}"
