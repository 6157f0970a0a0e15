"""The SQLAlchemy dialect by which Great Expectations runs inside the night's own DuckDB connection.

Great Expectations closes its connection before it fetches. PostgreSQL's driver has the rows by
then; DuckDB streams, so they are gone, silently, and every expectation fails. This dialect
fetches as soon as a statement has run.
"""

from __future__ import annotations

from typing import Any

import duckdb_sqlalchemy
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

URL = "duckdb+buffered://"
MOST_ROWS = 10_000
"""No answer brings more rows than this out of DuckDB. Great Expectations keeps 200 of any list and counts
by SQL; bad rows are set aside by the query that it names, inside DuckDB, never from its lists."""


class BufferedContext(duckdb_sqlalchemy.DuckDBExecutionContext):
    """Fetches when a statement has run, while its cursor is still open."""

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor.description:
            rows: list[Any] = self.cursor.fetchmany(MOST_ROWS)
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, initial_buffer=rows)


class BufferedDuckDB(duckdb_sqlalchemy.Dialect):
    """duckdb-sqlalchemy's dialect with answers that outlive their cursor."""

    execution_ctx_cls = BufferedContext
    supports_statement_cache = True


def register() -> None:
    """Make `URL` known to SQLAlchemy."""
    registry.register("duckdb.buffered", __name__, "BufferedDuckDB")
