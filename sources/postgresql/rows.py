"""Rows as PostgreSQL hands them over, a batch at a time, into the types of the contract or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from sql.contract import Column

WHOLE = r"^-?[0-9]{1,18}(\.0*)?$"
"""A numeric without a fraction that 64 bits hold."""
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, in days from 1970: PostgreSQL goes on, to infinity and years before Christ."""
DAY_US = 86_400_000_000


class Typed:
    """Brings batches into the contract's types; what cannot be is counted by column, and read as null."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = {column.name: column for column in columns}
        self.bad: Counter[str] = Counter()
        self.rows = 0
        self.failed: BaseException | None = None
        """What ended the reading early: it must not get lost on its way through DuckDB."""

    def schema(self, came: pa.Schema) -> pa.Schema:
        return pa.schema([pa.field(field.name, _whole(field.type)) for field in came])

    def batches(self, reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        try:
            for batch in reader:
                self.rows += batch.num_rows
                yield pa.RecordBatch.from_arrays(
                    [self._typed(name, batch.column(name)) for name in schema.names], schema=schema
                )
        except Exception as error:
            self.failed = error
            raise

    def faults(self) -> Mapping[str, str]:
        """By column, what stands there and how often."""
        return {
            name: f"{_meant(self.columns[name])} ({count:,} rows)" for name, count in sorted(self.bad.items())
        }

    def _typed(self, name: str, values: pa.Array) -> pa.Array:
        kind = values.type
        if isinstance(kind, pa.OpaqueType):
            text = values.storage
            fits = pc.match_substring_regex(text, WHOLE)
            text = pc.replace_substring_regex(pc.if_else(fits, text, None), r"\.0*$", "")
            return self._told(name, values, pc.cast(text, pa.int64()))
        if pa.types.is_date32(kind):
            return self._told(name, values, _within(values, pa.int32(), FIRST_DAY, LAST_DAY))
        if pa.types.is_timestamp(kind):
            return self._told(
                name, values, _within(values, pa.int64(), FIRST_DAY * DAY_US, (LAST_DAY + 1) * DAY_US - 1)
            )
        return values

    def _told(self, name: str, came: pa.Array, typed: pa.Array) -> pa.Array:
        lost = typed.null_count - came.null_count
        if lost:
            self.bad[name] += lost
        return typed


def _whole(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if isinstance(kind, pa.OpaqueType) else kind


def _within(values: pa.Array, plain: pa.DataType, first: int, last: int) -> pa.Array:
    """The values between two; others as null. Arrow compares no days that it cannot name."""
    number = values.view(plain)
    fits = pc.and_(pc.greater_equal(number, first), pc.less_equal(number, last))
    return values if pc.all(fits).as_py() is not False else pc.if_else(fits, values, None)


def _meant(column: Column) -> str:
    if column.type in ("DATE", "TIMESTAMP"):
        return "days that no calendar has: infinity, or before the year 1"
    return "numbers that are not whole, or have more than 18 digits"
