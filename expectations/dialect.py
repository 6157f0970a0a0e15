"""The SQLAlchemy dialect by which Great Expectations runs inside the night's own DuckDB connection.

Great Expectations closes its connection before it fetches. PostgreSQL's driver has the rows by
then; DuckDB streams, so they are gone, silently, and every expectation fails. This dialect
fetches as soon as a statement has run.

It also writes values into the statement instead of binding them. Great Expectations names bad rows
by a query as text, and takes a bound `$1` for written out when the digits of its value happen to
stand anywhere in the query: that text does not run. The values are the suites', never data.
"""

from __future__ import annotations

from typing import Any

import duckdb_sqlalchemy
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.exc import CompileError

URL = "duckdb+buffered://"
MOST_ROWS = 10_000
"""No answer brings more rows than this out of DuckDB. Great Expectations keeps 200 of any list and counts
by SQL; bad rows are set aside by the query that it names, inside DuckDB, never from its lists."""


class LiteralCompiler(duckdb_sqlalchemy.DuckDBCompiler):
    """Writes values out, so that a statement's text is the whole statement."""

    def visit_bindparam(self, bindparam: Any, **kw: Any) -> Any:
        try:
            return super().visit_bindparam(bindparam, **{**kw, "literal_binds": True})
        except CompileError:
            return super().visit_bindparam(bindparam, **kw)


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
    statement_compiler = LiteralCompiler
    # A cached statement would keep the values of its first run.
    supports_statement_cache = False


def register() -> None:
    """Make `URL` known to SQLAlchemy."""
    registry.register("duckdb.buffered", __name__, "BufferedDuckDB")
