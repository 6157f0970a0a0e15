"""Great Expectations, run inside DuckDB over the tables of one night.

Its import takes 7 to 14 seconds, so it happens when the first Checker is made, or earlier
by `load` while something else runs.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.promises import Promise

COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
DUCKDB_ERROR = re.compile(r"_?duckdb\.(\w+)")
ABOUT_SHAPES = ("BinderException", "CatalogException", "ParserException")


@dataclass(frozen=True)
class Outcome:
    """What became of one promise: counts and, where some rows broke it, the query that gives them."""

    promise: Promise
    success: bool
    evaluated: bool
    """False: it could not be tried at all, which says nothing about the rows."""
    unexpected_rows: int
    total_rows: int
    observed: str = ""
    """What was seen, where the promise is about the whole table; no value of a row."""
    fault: str = ""
    """Why it could not be tried, in one line."""
    bad_rows_query: str = ""
    """Plain SQL that gives the key of every bad row; empty where the promise is about the whole table."""


def load_shared() -> None:
    """Import what the record's statements look into as well.

    SQLAlchemy asks sqlalchemy.orm about values as soon as its import has begun: half imported by another
    thread, it fails whoever makes a statement meanwhile.
    """
    import sqlalchemy.orm  # noqa: F401


def load() -> None:
    """Import Great Expectations now, and keep it quiet."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations  # noqa: F401

    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Checker:
    """Runs promises over the relations that `creator`'s connection sees.

    `creator` gives a new cursor of the night's connection: a second open of its file fails.
    """

    def __init__(self, creator: Callable[[], Any]) -> None:
        load()
        import great_expectations
        from sqlalchemy.pool import NullPool

        from expectations import dialect

        dialect.register()
        context = great_expectations.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        # No pool: a cursor left in one would keep the night's file open after the night has closed it.
        self._source = context.data_sources.add_sql(
            "night", connection_string=dialect.URL, kwargs={"creator": creator, "poolclass": NullPool}
        )
        self._batches: dict[str, Any] = {}

    def check(
        self,
        relation: str,
        promises: Sequence[Promise],
        *,
        key: Sequence[str],
        parameters: Mapping[str, Any],
        total_rows: int,
    ) -> list[Outcome]:
        """One outcome a promise, in order. Only counts leave DuckDB, and bad keys only by query."""
        if not promises:
            return []
        results = self._validate(relation, promises, COUNTS_ONLY, parameters)
        return [
            self._outcome(relation, promise, result, key, parameters, total_rows)
            for promise, result in zip(promises, results, strict=True)
        ]

    def _validate(
        self,
        relation: str,
        promises: Sequence[Promise],
        form: Mapping[str, Any],
        parameters: Mapping[str, Any],
    ) -> list[Any]:
        """Great Expectations' results in the order of the promises, which it does not keep itself."""
        from great_expectations import ExpectationSuite

        from expectations.counted import counted
        from expectations.remembered import remembering

        entries = [
            {**promise.configuration, "type": remembering(counted(promise.kind))} for promise in promises
        ]
        suite = ExpectationSuite(name=relation, expectations=entries)
        validated = self._batch(relation).validate(
            suite, result_format=dict(form), expectation_parameters=dict(parameters)
        )
        by_name = {result.expectation_config.meta["name"]: result for result in validated.results}
        return [by_name[promise.name] for promise in promises]

    def _batch(self, relation: str) -> Any:
        if relation not in self._batches:
            asset = self._source.add_table_asset(relation, table_name=relation)
            self._batches[relation] = asset.get_batch(asset.build_batch_request())
        return self._batches[relation]

    def _outcome(
        self,
        relation: str,
        promise: Promise,
        result: Any,
        key: Sequence[str],
        parameters: Mapping[str, Any],
        total_rows: int,
    ) -> Outcome:
        fault = _fault(result.exception_info)
        if fault:
            return Outcome(promise, False, False, 0, total_rows, fault=fault)
        if result.success:
            return Outcome(promise, True, True, 0, total_rows)
        return Outcome(
            promise,
            False,
            True,
            _unexpected(promise, result.result),
            total_rows,
            observed=_observed(promise, result.result),
            bad_rows_query=self._bad_rows_query(relation, promise, key, parameters),
        )

    def _bad_rows_query(
        self, relation: str, promise: Promise, key: Sequence[str], parameters: Mapping[str, Any]
    ) -> str:
        if promise.kind == "unexpected_rows_expectation":
            return str(promise.configuration["kwargs"]["unexpected_rows_query"]).format(batch=relation)
        if _whole(promise):
            return ""
        form = {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": list(key),
            "partial_unexpected_count": 0,
        }
        result = self._validate(relation, [promise], form, parameters)[0].result
        return str(result["unexpected_index_query"]).strip().rstrip(";")


def _whole(promise: Promise) -> bool:
    """Whether the promise is about a table or a column as a whole, so that no single row breaks it."""
    return promise.kind.startswith("expect_table_") or promise.kind == "expect_column_max_to_be_between"


def _unexpected(promise: Promise, result: Mapping[str, Any]) -> int:
    """How many rows broke the promise; none where it is about the whole table."""
    if promise.kind == "unexpected_rows_expectation":
        return int(result["observed_value"])
    return 0 if _whole(promise) else int(result["unexpected_count"])


def _observed(promise: Promise, result: Mapping[str, Any]) -> str:
    if promise.kind == "expect_table_columns_to_match_set":
        mismatched = result["details"]["mismatched"]
        missing = ", ".join(sorted(mismatched["missing"]))
        others = ", ".join(sorted(mismatched.get("unexpected", []))) or "no others"
        return f"missing {missing}; beside the required columns there are {others}"
    return f"observed {result['observed_value']}" if _whole(promise) else ""


def _fault(info: Mapping[str, Any]) -> str:
    """The first exception among an expectation's metrics, or nothing.

    Of DuckDB's errors only those about names and shapes keep their words: others quote values of rows.
    """
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry["raised_exception"]:
            message = str(entry["exception_message"]).strip().splitlines()[0]
            raised = DUCKDB_ERROR.search(message)
            return raised[1] if raised and raised[1] not in ABOUT_SHAPES else message
    return ""
