"""Hands changes over to the table `limit_change` of a lender's database: each once, and none ever altered.

Whether they are there is asked before anything is added, so that a COMMIT whose answer was lost is not
repeated blindly; the primary key stands behind that.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
from psycopg import sql

from sources.postgresql.address import Address
from sources.postgresql.faults import Trouble, trouble

TABLE = "limit_change"
COMING = "linewatch_coming"
COLUMNS = {
    "change_id": "text",
    "batch": "text",
    "facility_id": "text",
    "as_of": "date",
    "effective_on": "date",
    "old_limit_cents": "bigint",
    "new_limit_cents": "bigint",
    "old_rate_bp": "integer",
    "new_rate_bp": "integer",
    "blocked": "boolean",
}
"""What is handed over of a change, and the type that both sides are compared in."""
TIMES = {"lock_timeout": "10s", "statement_timeout": "300s"}
"""Set where the role, the database or the address sets none."""

Reached = Callable[[str, str], None]
Rows = Callable[[], Iterable[pa.RecordBatch]]


class Altered(Exception):
    """Raised when the table has a change of ours with other content than we gave, or more than we gave."""

    def __init__(self, differ: int) -> None:
        self.differ = differ
        super().__init__(f"{differ:,} differ")


@dataclass(frozen=True)
class There:
    """How the rows of a batch stand in the table."""

    missing: int
    differ: int
    """Rows with a change_id of ours and other content, and rows of the batch that are none of ours."""


@dataclass(frozen=True)
class Sum:
    """What the table has of a batch: how many rows, and the sum of their hashes."""

    rows: int
    hashes: str


def deliver(address: Address, batch: str, rows: Rows, reached: Reached = lambda *_: None) -> Sum:
    """Leave the rows of a batch in the table, in one transaction; again, and nothing happens.

    `reached` hears how far it is. Raises Trouble where they cannot be left, and Altered where some stand
    there with other content: then nothing was added.
    """
    try:
        return _delivered(address, batch, rows, reached)
    except _LostAtCommit:
        pass
    with _session(address) as db:
        found = _stage(db, address, batch, rows)
        if _there(db, address, batch) == There(0, 0):
            return found
    raise Trouble(
        "the connection was lost at the end, and the changes are not there", "They stay due.", may_pass=True
    )


def look(address: Address, batch: str, rows: Rows) -> There:
    """How the rows of a batch stand in the table. Raises Trouble."""
    with _session(address) as db:
        _stage(db, address, batch, rows)
        return _there(db, address, batch)


def sums(address: Address, batches: Iterable[str]) -> dict[str, Sum]:
    """What the table has of these batches, by batch; one without a row is left out. Raises Trouble."""
    with _session(address) as db:
        found = db.execute(
            sql.SQL(
                "select batch::text, {sums} from {table} where batch = any(%s) group by batch::text"
            ).format(sums=_sums(), table=_table(address)),
            [list(batches)],
        ).fetchall()
    return {batch: Sum(rows, hashes) for batch, rows, hashes in found}


def rows_of(path: Path) -> Rows:
    """The rows of a batch's file of changes, some at a time."""

    def read() -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(columns=list(COLUMNS))

    return read


class _LostAtCommit(Exception):
    """Raised when nobody knows whether a COMMIT was carried out."""


def _delivered(address: Address, batch: str, rows: Rows, reached: Reached) -> Sum:
    with _session(address) as db:
        found = _stage(db, address, batch, rows)
        stands = _there(db, address, batch)
        if stands.differ:
            raise Altered(stands.differ)
        if not stands.missing:
            return found
        reached("publish.insert", "before")
        db.execute(_insert(address))
        # Asked again: a trigger of the lender's may have made another row of it, or none.
        stands = _there(db, address, batch)
        if stands.differ or stands.missing:
            raise Altered(stands.differ + stands.missing)
        reached("publish.commit", "before")
        try:
            db.commit()
        except psycopg.OperationalError as error:
            if error.sqlstate is None or error.sqlstate.startswith(("08", "57P")):
                raise _LostAtCommit from None
            raise
        reached("publish.commit", "after")
        return found


@contextmanager
def _session(address: Address) -> Iterator[psycopg.Connection]:
    """A transaction of a connection of its own; what is not committed is rolled back."""
    try:
        db = psycopg.connect(address.uri)
    except psycopg.OperationalError as error:
        raise trouble(error, connecting=True) from None
    try:
        db.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        for name, value in TIMES.items():
            db.execute("select set_config(%s, %s, true) where current_setting(%s) = '0'", [name, value, name])
        db.execute("set local datestyle = 'ISO'")
        yield db
    except psycopg.Error as error:
        raise trouble(error) from None
    finally:
        db.close()


def _stage(db: psycopg.Connection, address: Address, batch: str, rows: Rows) -> Sum:
    """Lay the rows beside, in a table of this transaction alone."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in COLUMNS.items()
    )
    coming = sql.Identifier(COMING)
    db.execute(sql.SQL("create temporary table {} ({}) on commit drop").format(coming, columns))
    listed = _listed(COLUMNS)
    with db.cursor().copy(sql.SQL("copy {} ({}) from stdin (format csv)").format(coming, listed)) as copy:
        for part in rows():
            copy.write(_csv(part))
    found = db.execute(sql.SQL("select {} from {}").format(_sums(), coming)).fetchone()
    return Sum(*(found or (0, "0")))


def _csv(part: pa.RecordBatch) -> bytes:
    """Text in quotes and null without: so that PostgreSQL tells an empty text from none."""
    sink = io.BytesIO()
    csv.write_csv(part.select(list(COLUMNS)), sink, csv.WriteOptions(include_header=False))
    return sink.getvalue()


def _there(db: psycopg.Connection, address: Address, batch: str) -> There:
    ours, theirs = (
        sql.SQL(", ").join(
            sql.SQL("{}.{}::{}").format(sql.Identifier(side), sql.Identifier(name), sql.SQL(kind))
            for name, kind in COLUMNS.items()
        )
        for side in ("coming", "there")
    )
    found = db.execute(
        sql.SQL(
            "select count(*) filter (where there.change_id is null),"
            " count(*) filter (where there.change_id is not null and ({ours}) is distinct from ({theirs})),"
            " (select count(*) from {table} as more where more.batch = %s and not exists"
            " (select from {coming} as known where known.change_id = more.change_id))"
            " from {coming} as coming left join {table} as there on coming.change_id = there.change_id"
        ).format(ours=ours, theirs=theirs, table=_table(address), coming=sql.Identifier(COMING)),
        [batch],
    ).fetchone()
    missing, differ, more = found or (0, 0, 0)
    return There(missing, differ + more)


def _insert(address: Address) -> sql.Composed:
    return sql.SQL(
        "insert into {table} ({columns}) select {columns} from {coming} order by change_id"
        " on conflict (change_id) do nothing"
    ).format(table=_table(address), columns=_listed(COLUMNS), coming=sql.Identifier(COMING))


def _sums() -> sql.Composed:
    """How many rows, and the sum of a hash of each, whatever their order and the types of their columns."""
    cast = sql.SQL(", ").join(
        sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in COLUMNS.items()
    )
    return sql.SQL(
        "count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(row({})::text, 'UTF8')), 'hex'), 15))"
        "::bit(60)::bigint), 0)::text"
    ).format(cast)


def _listed(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _table(address: Address) -> sql.Composable:
    return sql.Identifier(address.schema, TABLE) if address.schema else sql.Identifier(TABLE)
