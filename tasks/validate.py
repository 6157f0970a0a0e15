"""Hold the source's rows to the promises of their tables, before anything is decided on them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from expectations import checker
from expectations.checker import Checker, Outcome
from expectations.promises import SEVERITIES, of_phase, promises
from linewatch.errors import DataRefused, ExpectationFailed, ExpectationNotEvaluated
from linewatch.night import Night
from sql import stage
from sql.contract import REQUIRED, contract
from sql.engine import Cursor, Engine, open_engine

RELATION = {"structural": "raw_{}", "value": "stg_{}"}
UNBOUNDED = 2**62


@dataclass(frozen=True)
class Validated:
    """What the promises said of a night whose data was taken."""

    rows: Mapping[str, int]
    """Rows of the source, by table."""
    expectations: Mapping[str, Mapping[str, int]]
    """Severity to outcome (kept, broken) to how many expectations."""
    quarantined: Mapping[str, int]
    """Rows set aside, by table; tables without any are left out."""
    quarantined_borrowers: int
    results: tuple[Mapping[str, Any], ...]
    """One small row an expectation, as in the scratch table `validation`: counts, no keys, no values."""


@task(
    name="validate",
    task_run_name="validate {night.as_of}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def validate(night: Night) -> Validated:
    """Leave the accepted rows under the contract's plain names and the others in `quarantine`, with why.

    Raises DataRefused when a required table is missing or empty, ExpectationFailed when a critical
    expectation fails or too many rows break a warning, ExpectationNotEvaluated when one could not be
    tried.
    """
    profile = night.documents.profile
    return validate_tables(
        open_engine(night.scratch, threads=night.threads),
        required=profile.required_tables,
        reporting_currency=profile.reporting_currency,
        options=night.options,
        command=night.command,
    )


def load_expectations() -> threading.Thread:
    """Begin to import Great Expectations, which takes 7 to 14 seconds, beside what runs meanwhile.

    What it shares with the record is imported when this returns.
    """
    checker.load_shared()
    thread = threading.Thread(target=checker.load, name="load-expectations", daemon=True)
    thread.start()
    return thread


def validate_tables(
    engine: Engine,
    *,
    required: Iterable[str] = (),
    reporting_currency: str | None = None,
    options: str = "--source SOURCE",
    command: str | None = None,
) -> Validated:
    """`validate` for raw_ tables, `night` and `last_night_rows` that already stand in `engine`.

    `command` asks for the same night again; `options` are what it needs for another day.
    """
    with engine.cursor() as db:
        ((as_of, freshness_days),) = db.raw.execute("select as_of, freshness_days from night").fetchall()
        last_rows = dict(db.raw.execute("select table_name, rows from last_night_rows").fetchall())
        command = command or f"linewatch night --as-of {as_of} {options}"
        rows = stage.present(db)
        refuse_missing(rows, required=required, last_rows=last_rows, again=_again(command))
        trial = _Trial(
            db, Checker(lambda: engine.connection.cursor()), as_of, rows, last_rows, options, command
        )
        stage.note_source_columns(db)
        trial.hold("structural")
        stage.stage(db)
        stage.set_terms(db, as_of, freshness_days, reporting_currency)
        trial.hold("value")
        quarantined = trial.set_aside()
        return Validated(
            rows=rows,
            expectations=_tally(trial.outcomes),
            quarantined=quarantined,
            quarantined_borrowers=db.count("quarantined_borrower"),
            results=tuple(_row(outcome) for outcome in trial.outcomes),
        )


def refuse_missing(
    rows: Mapping[str, int], *, required: Iterable[str], last_rows: Mapping[str, int], again: str
) -> None:
    """Raise DataRefused naming every required table that is missing or empty."""
    why = dict.fromkeys(REQUIRED, "every night needs it")
    why |= {table: f"the last night had {count:,} rows" for table, count in last_rows.items() if count}
    why |= {table: "the profile requires it" for table in required if table not in REQUIRED}
    faults = [
        f"{table}: {'empty' if table in rows else 'missing'}; {reason}"
        for table, reason in sorted(why.items())
        if not rows.get(table)
    ]
    if faults:
        raise DataRefused(
            f"{_counted(len(faults), 'table')} that the night needs cannot be read from the source.",
            where=_listed(faults),
            what_now=again,
        )


class _Trial:
    """One night's promises, tried table by table; every fault of a phase is named at once."""

    def __init__(
        self,
        db: Cursor,
        checker: Checker,
        as_of: date,
        rows: Mapping[str, int],
        last_rows: Mapping[str, int],
        options: str,
        command: str,
    ) -> None:
        self.db = db
        self.checker = checker
        self.as_of = as_of
        self.rows = rows
        self.last_rows = last_rows
        self.options = options
        self.command = command
        self.outcomes: list[Outcome] = []
        db.create("schema/validation")

    def hold(self, phase: str) -> None:
        """Try every promise of the phase; raise if the night must stop on it."""
        tried = [outcome for table, rows in self.rows.items() for outcome in self._table(phase, table, rows)]
        self.outcomes += tried
        self.db.insert("validation", [_row(outcome) for outcome in tried])
        broken = [outcome for outcome in tried if _stops(outcome)]
        if broken:
            raise ExpectationFailed(
                f"{_counted(len(broken), 'expectation')} of the source's data failed; nothing was decided.",
                where=_listed(self._broken(outcome, keys=False) for outcome in broken),
                with_keys=_listed(self._broken(outcome, keys=True) for outcome in broken),
                what_now=self._what_now(broken),
            )
        untried = [outcome for outcome in tried if not outcome.evaluated]
        if untried:
            raise ExpectationNotEvaluated(
                f"{_counted(len(untried), 'expectation')} could not be evaluated; nothing was decided.",
                where=_listed(f"{o.promise.table}: {o.promise.name}: {o.fault}" for o in untried),
                what_now="This says nothing about the rows: look at the table's shape and at its suite, then"
                f" run {self.command} again.",
            )

    def set_aside(self) -> Mapping[str, int]:
        """Quarantine the rows that broke a warning; leave the accepted views. Rows set aside, by table."""
        for outcome in self.outcomes:
            if outcome.promise.severity == "warning" and outcome.unexpected_rows:
                stage.set_aside(self.db, outcome.promise.table, outcome.promise.name, outcome.bad_rows_query)
        return stage.accept(self.db)

    def _table(self, phase: str, table: str, rows: int) -> list[Outcome]:
        if phase == "value" and not rows:
            return []
        return self.checker.check(
            RELATION[phase].format(table),
            of_phase(promises(table), phase),
            key=contract()[table].key,
            parameters=parameters(self.as_of, self.last_rows.get(table, 0)),
            total_rows=rows,
        )

    def _broken(self, outcome: Outcome, *, keys: bool) -> str:
        """Which table and promise, how many rows, the first keys if asked: never another value of a row."""
        promise = outcome.promise
        what = f"{promise.table}: {promise.name}: "
        if outcome.observed:
            what += outcome.observed
        else:
            what += f"{outcome.unexpected_rows:,} of {outcome.total_rows:,} rows"
        if outcome.bad_rows_query:
            first, are_keys = stage.first_keys(self.db, promise.table, outcome.bad_rows_query)
            what += f" (first: {'; '.join(first)})" if keys or not are_keys else ""
        if promise.severity == "warning":
            what += f", more than the {promise.allowed(outcome.total_rows):,} that may be set aside"
        return f"{what}. {promise.because}"

    def _what_now(self, broken: Sequence[Outcome]) -> str:
        if any(outcome.promise.name.startswith("source_") for outcome in broken):
            last = stage.last_day(self.db)
            return (
                f"The source's last day is {last}. Run that day, linewatch night --as-of {last}"
                f" {self.options}, or deliver the rows of {self.as_of} and run the same command again."
            )
        return _again(self.command)


def _stops(outcome: Outcome) -> bool:
    if not outcome.evaluated or outcome.success or outcome.promise.severity == "info":
        return False
    allowed = outcome.promise.allowed(outcome.total_rows)
    return outcome.promise.severity == "critical" or outcome.unexpected_rows > allowed


def parameters(as_of: date, last_rows: int) -> dict[str, Any]:
    """What the suites call by $PARAMETER."""
    closed = stage.last_closed_month(as_of)
    return {
        "as_of": as_of,
        "as_of_year": as_of.year,
        "year_1900": date(1900, 1, 1),
        "last_closed_month": closed,
        "month_before_last": (closed - timedelta(days=1)).replace(day=1),
        "ten_days_before": as_of - timedelta(days=10),
        "quarter_before": as_of - timedelta(days=92),
        "year_before": as_of - timedelta(days=366),
        "two_years_before": as_of - timedelta(days=731),
        "tenth_of_last_night": -(-last_rows // 10),
        "four_fifths_of_last_night": -(-last_rows * 8 // 10),
        "three_halves_of_last_night": last_rows * 3 // 2 if last_rows else UNBOUNDED,
    }


def _tally(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    counted = Counter((o.promise.severity, "kept" if o.success else "broken") for o in outcomes)
    return {
        severity: {outcome: counted[severity, outcome] for outcome in ("kept", "broken")}
        for severity in SEVERITIES
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "table_name": outcome.promise.table,
        "expectation": outcome.promise.name,
        "kind": outcome.promise.kind,
        "severity": outcome.promise.severity,
        "success": outcome.success,
        "evaluated": outcome.evaluated,
        "unexpected_rows": outcome.unexpected_rows,
        "total_rows": outcome.total_rows,
        "because": outcome.promise.because,
    }


def _again(command: str) -> str:
    return f"After the source is corrected: {command}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)
