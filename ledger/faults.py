"""What a database says when it cannot, in words for a person, and without the row that it was about."""

from __future__ import annotations

import sqlalchemy as sa

from linewatch.errors import Busy, LedgerUnusable, LinewatchError

AGAIN = "run the same command again."
WHOLE = f"What was being written is there whole or not at all: {AGAIN}"
GRANTS = "Give it the grants of docs/shared-ledger.md; the role that owns the tables makes and changes them."
SAYS = {
    "42501": ("Our role may not do this in the ledger's database.", GRANTS),
    "25006": (
        "The ledger's server takes no writes.",
        f"Name the one that does in LINEWATCH_LEDGER, and {AGAIN}",
    ),
    "53100": ("The disk of the ledger's server is full.", f"Make room there. {WHOLE}"),
}
"""By SQLSTATE."""
LOST = ("08", "57P")
TRY = (
    "See by psql, with the same address, that the server runs, the database and the role are there, and the "
    f"password is found (PGPASSFILE, PGPASSWORD); docs/shared-ledger.md makes them. Then {AGAIN}"
)


def tell(context: sa.engine.ExceptionContext) -> LinewatchError | None:
    """For SQLAlchemy's `handle_error`: what a person can do something about takes the place of the raw error.

    Others pass as they are, but for what PostgreSQL adds of the row.
    """
    error = context.original_exception
    if context.dialect.name == "sqlite":
        return _waited_too_long() if str(error) == "database is locked" else None
    if not isinstance(error, _drivers_error(context)):
        return None
    _leave_out_the_row(error, context.sqlalchemy_exception)
    state, said = getattr(error, "sqlstate", None) or "", str(error).strip()
    if state == "55P03":
        return _waited_too_long()
    if state in SAYS:
        what, now = SAYS[state]
        return LedgerUnusable(what, where=said, what_now=now)
    if context.connection is None:
        return LedgerUnusable("The ledger's database cannot be opened.", where=said, what_now=TRY)
    if context.is_disconnect or state.startswith(LOST):
        return LedgerUnusable("The connection to the ledger was lost.", where=said, what_now=WHOLE)
    return None


def _drivers_error(context: sa.engine.ExceptionContext) -> type[BaseException]:
    found: type[BaseException] = context.dialect.loaded_dbapi.Error
    return found


def _waited_too_long() -> Busy:
    return Busy(
        "Busy: somebody else has been writing to the ledger for too long.",
        what_now=f"Nothing was written. When they have ended, {AGAIN}",
    )


def _leave_out_the_row(error: BaseException, wrapped: sa.exc.StatementError | None) -> None:
    """Tracebacks are kept in a file, and must not name a borrower."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    if primary is None:
        return
    error.args = (primary,)
    if wrapped is not None:
        wrapped.args = (f"({type(error).__name__}) {primary}",)
