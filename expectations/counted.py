"""Great Expectations' expectation that a query finds no row, asking only how many rows it finds.

Its own runs the query a second time, for the rows themselves, though a summary of counts never shows them:
half of the time that a night's promises took.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations.core import UnexpectedRowsExpectation

ROWS, COUNT = "unexpected_rows_query.table", "unexpected_rows_query.row_count"


class UnexpectedRowsCounted(UnexpectedRowsExpectation):
    """For results in the form SUMMARY: its `observed_value` is the count, and there are no rows in it."""

    metric_dependencies: ClassVar[tuple[str, ...]] = (COUNT,)

    def _validate(self, metrics: dict[str, Any], *args: Any, **named: Any) -> Any:
        return super()._validate({**metrics, ROWS: []}, *args, **named)


def counted(kind: str) -> str:
    """The kind of expectation to hold a table to: this one in place of the one that asks twice."""
    return (
        UnexpectedRowsCounted.expectation_type if kind == UnexpectedRowsExpectation.expectation_type else kind
    )
