"""What it costs to keep Parquet encrypted, and what DuckDB can do of it without a network.

    python -m benchmarks.at_rest [LINES] [ROUNDS]      # a table of medians, and what was refused

The rows look like decisions: keys, codes and amounts. They have no list, and a column of a row group is one
page, as DuckDB reads no others encrypted. Writing is timed from DuckDB's table to a durable file, reading
from the file to a sum over every amount. What follows from it is told in docs/adr.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from sql.files import ROW_GROUP_ROWS, settle

KEY = b"0123456789abcdef0123456789abcdef"
"""Of a benchmark: it keeps nothing secret."""
PLAIN_AND_NOT = (("plain", None), ("encrypted", KEY))
SECRET = "zqxsecret"
"""In every key of a borrower, to be looked for in what DuckDB spills."""
LINES = """
    create table lines as
    select
        'F' || lpad(cast(i as varchar), 9, '0') as facility_id,
        'zqxsecret' || lpad(cast(i // 2 as varchar), 9, '0') as borrower_id,
        ['consumer_new', 'consumer_established', 'small_enterprise'][1 + i % 3] as segment,
        cast(50000 + hash(i) % 30000 as integer) as score,
        cast(hash(i, 1) % 2500 as integer) as pd_bp,
        {amounts}
    from range(?) as t(i)
"""
AMOUNTS = 24


def measure(lines: int, rounds: int) -> Iterator[str]:
    """The rows of the table, as they are told."""
    with TemporaryDirectory() as folder, duckdb.connect() as db:
        place = Path(folder)
        db.execute(f"pragma add_parquet_key('key', '{KEY.decode()}')")
        amounts = ", ".join(
            f"cast(hash(i, {at}) % 100000000 as bigint) as a{at}_cents" for at in range(AMOUNTS)
        )
        db.execute(LINES.format(amounts=amounts), [lines])
        writers: dict[str, Callable[[], None]] = {
            "DuckDB, plain": lambda: by_duckdb(db, place / "DuckDB, plain"),
            **{
                f"PyArrow, {name}": lambda name=name, key=key: by_pyarrow(db, place / f"PyArrow, {name}", key)
                for name, key in PLAIN_AND_NOT
            },
        }
        took = timed(writers, rounds)
        yield f"| {lines:,} lines written by | seconds | of processors | MB |"
        yield "|---|---|---|---|"
        for name in writers:
            yield f"| {name} | {took[name]} | {(place / name).stat().st_size / 1e6:.1f} |"
        readers: dict[str, Callable[[], None]] = {
            "DuckDB, plain, of DuckDB's": lambda: read(db, place / "DuckDB, plain"),
            "DuckDB, plain, of PyArrow's": lambda: read(db, place / "PyArrow, plain"),
            "DuckDB, encrypted, of PyArrow's": lambda: read(db, place / "PyArrow, encrypted", "key"),
            "PyArrow, plain": lambda: table(place / "PyArrow, plain"),
            "PyArrow, encrypted": lambda: table(place / "PyArrow, encrypted", KEY),
        }
        took = timed(readers, rounds)
        yield ""
        yield "| read by | seconds | of processors |"
        yield "|---|---|---|"
        yield from (f"| {name} | {took[name]} |" for name in readers)
        yield ""
        yield from (f"- {what}: {said}" for what, said in refused(db, place))


def timed(contestants: dict[str, Callable[[], None]], rounds: int) -> dict[str, str]:
    """Median seconds of interleaved rounds, of the clock and of all processors, as cells of a table."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, act in contestants.items():
            begun, used = time.perf_counter(), time.process_time()
            act()
            seconds[name].append((time.perf_counter() - begun, time.process_time() - used))
    return {
        name: " | ".join(f"{median(each):.2f}" for each in zip(*took, strict=True))
        for name, took in seconds.items()
    }


def by_duckdb(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    copy = f"copy (from lines order by facility_id) to '{path}'"
    db.execute(f"{copy} (format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})")
    settle(path)


def by_pyarrow(db: duckdb.DuckDBPyConnection, path: Path, key: bytes | None) -> None:
    rows = db.sql("from lines order by facility_id").to_arrow_reader(ROW_GROUP_ROWS)
    with written(path, rows.schema, key, max_rows_per_page=ROW_GROUP_ROWS) as writer:
        for batch in rows:
            writer.write_batch(batch, row_group_size=ROW_GROUP_ROWS)
    settle(path)


def written(path: Path, schema: pa.Schema, key: bytes | None = KEY, **pages: int) -> pq.ParquetWriter:
    properties = pe.create_encryption_properties(key) if key else None
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        encryption_properties=properties,
        data_page_size=1 << 30,
        dictionary_pagesize_limit=1 << 30,  # a dictionary that is full ends a page
        **pages,
    )


def read(db: duckdb.DuckDBPyConnection, path: Path, key: str = "") -> None:
    config = f", encryption_config = {{footer_key: '{key}'}}" if key else ""
    sums = ", ".join(f"sum(a{at}_cents)" for at in range(AMOUNTS))
    found = db.execute(
        f"select max(facility_id), max(borrower_id), {sums} from read_parquet('{path}'{config})"
    )
    found.fetchall()


def table(path: Path, key: bytes | None = None) -> None:
    properties = pe.create_decryption_properties(key) if key else None
    with pq.ParquetFile(path, decryption_properties=properties) as file:
        for batch in file.iter_batches(ROW_GROUP_ROWS):
            batch.validate()


def refused(db: duckdb.DuckDBPyConnection, place: Path) -> Iterator[tuple[str, str]]:
    """What DuckDB says to each thing that would have to work, and what lies in the clear beside it."""
    config = "(format parquet, encryption_config {footer_key: 'key'})"
    yield "DuckDB writes encrypted Parquet", said(db, f"copy (from range(9)) to '{place}/x' {config}")
    yield "keys of borrowers in the clear in what DuckDB spills", spilled(place / "spill", encrypted=False)
    yield "the same with temp_file_encryption", spilled(place / "encrypted", encrypted=True)
    path = place / "tried"
    reading = f"from read_parquet('{path}', encryption_config = {{footer_key: 'key'}})"
    for what, rows in (
        ("several pages", "select hash(range) as h from range(50000)"),
        ("a list beside a column", "select [range] as l, range as i from range(9)"),
    ):
        told = db.sql(rows).to_arrow_table()
        with written(path, told.schema) as writer:
            writer.write_table(told)
        yield f"DuckDB reads encrypted {what}", said(db, reading)
    with_kms(path)
    yield "DuckDB reads what PyArrow's key management wrote", said(db, reading)


class Kms(pe.KmsClient):
    """Keeps the master key in memory; wraps nothing."""

    def __init__(self, config: pe.KmsConnectionConfig) -> None:
        super().__init__()

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return key_bytes.hex().encode()

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        return bytes.fromhex(wrapped_key.decode())


def with_kms(path: Path) -> None:
    rows = duckdb.sql("from range(9)").to_arrow_table()
    factory = pe.CryptoFactory(Kms)
    asked = pe.EncryptionConfiguration(footer_key="key", uniform_encryption=True)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), asked)
    pq.write_table(rows, path, encryption_properties=properties)


def said(db: duckdb.DuckDBPyConnection, statement: str) -> str:
    try:
        db.execute(statement).fetchall()
    except duckdb.Error as error:
        return f"refused ({str(error).strip().splitlines()[0].partition('. ')[0]})"
    return "yes"


def spilled(folder: Path, *, encrypted: bool) -> str:
    """Whether a sort that memory does not hold leaves keys of borrowers to be read on the disk."""
    config = {"memory_limit": "60MB", "temp_directory": str(folder), "threads": "2"}
    with duckdb.connect(config=config) as small:
        try:
            small.execute(f"set temp_file_encryption = {str(encrypted).lower()}")
            wide = f"'{SECRET}' || cast(i as varchar) || repeat('x', 40) as borrower_id, hash(i) as sort_key"
            rows = small.execute(f"select {wide} from range(3000000) t(i) order by sort_key")
            rows.fetchmany(1)
        except duckdb.Error as error:
            return f"refused ({str(error).strip().splitlines()[0].partition('. ')[0]})"
        files = [path for path in folder.rglob("*") if path.is_file()]
        found = any(SECRET.encode() in path.read_bytes() for path in files)
    size = sum(1 for _ in files)
    return f"{'yes' if found else 'none found'}, in {size} files"


if __name__ == "__main__":
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for line in measure(lines, int(sys.argv[2]) if len(sys.argv) > 2 else 3):
        print(line, flush=True)
