"""Reads a folder in the data contract: a file a table, in CSV or Parquet.

`facility.parquet`, `facility.csv` or the parts `facility/*.parquet` hold the table facility.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sources.mapping import PROTECTED_TABLE, PROTECTED_WORDS
from sources.table import SourceRefused, together
from sources.taking import Given, Piece
from sql.contract import REQUIRED, Table, contract
from sql.engine import Cursor
from sql.files import HASHING_THREADS, FileRefused, Found, comma_separated, parquet

CHUNK = 1 << 22


@dataclass(frozen=True)
class SourceFile:
    """A file of the folder and the bytes it had when it was looked at."""

    name: str
    """Relative to the folder, with forward slashes."""
    path: Path
    bytes: int
    sha256: str
    changed_ns: int

    def still(self) -> bool:
        """Whether the file is as it was when it was hashed."""
        now = os.stat(self.path)
        return (now.st_size, now.st_mtime_ns) == (self.bytes, self.changed_ns)


@dataclass(frozen=True)
class Folder:
    """What a folder holds of the contract."""

    path: Path
    tables: Mapping[str, tuple[Path, ...]]
    notes: tuple[str, ...]

    @property
    def bytes(self) -> int:
        listed = (path for paths in self.tables.values() for path in paths)
        return sum(path.stat().st_size for path in listed if path.exists())


def look(path: Path) -> Folder:
    """Find the tables of a folder without reading them.

    Raises SourceRefused if the folder is not there, holds no table, or one table twice.
    """
    if not path.is_dir():
        raise SourceRefused(
            f"{path}: no such folder.\nName a folder with a file a table, NAME:PATH of a mapping, or a"
            " database (postgresql://user@host/db)."
        )
    found: dict[str, list[tuple[Path, ...]]] = {}
    ignored = []
    for entry in sorted(path.iterdir()):
        if entry.name.startswith("."):
            continue
        table = entry.name if entry.is_dir() else entry.stem
        parts = _parts(entry)
        if table in contract() and parts:
            found.setdefault(table, []).append(parts)
        else:
            ignored.append(entry.name)
    for table, ways in found.items():
        if len(ways) > 1:
            names = " and ".join(parts[0].relative_to(path).as_posix() for parts in ways)
            raise SourceRefused(
                f"{path}: the table {table} is there more than once: {names}.\nTake away all but one of them."
            )
    if not found:
        raise SourceRefused(f"{path}: no table of the contract is in this folder.\nIt needs {_needed()}.")
    notes = tuple(f"{name}: not a table of the contract, ignored" for name in ignored)
    return Folder(path, {table: ways[0] for table, ways in sorted(found.items())}, notes)


def _parts(entry: Path) -> tuple[Path, ...]:
    if entry.is_dir():
        return tuple(sorted(entry.glob("*.parquet")))
    return (entry,) if entry.suffix in (".parquet", ".csv") else ()


def _needed() -> str:
    return " and ".join(f"{table}.parquet" for table in REQUIRED) + ", or the same as .csv"


def hashed(folder: Folder) -> dict[str, tuple[SourceFile, ...]]:
    """Every file of the folder with its hash. Raises SourceRefused for each CSV that is not UTF-8."""
    with ThreadPoolExecutor(HASHING_THREADS) as pool:
        hashing = {
            table: [pool.submit(_hashed, folder.path, path) for path in paths]
            for table, paths in folder.tables.items()
        }
    every = [each for files in hashing.values() for each in files]
    refused = [error for each in every if isinstance(error := each.exception(), SourceRefused)]
    if refused:
        raise together(refused)
    return {table: tuple(each.result() for each in files) for table, files in hashing.items()}


def _hashed(folder: Path, path: Path) -> SourceFile:
    """Hash a file and, in the same reading, see that a CSV is UTF-8."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")() if path.suffix == ".csv" else None
    lines = 1
    try:
        was = os.stat(path)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                if decoder is not None:
                    _decoded(decoder, chunk, path, lines)
                    lines += chunk.count(b"\n")
        if decoder is not None:
            _decoded(decoder, b"", path, lines, final=True)
    except OSError as error:
        raise SourceRefused(f"{path}: {error.strerror}") from error
    name = path.relative_to(folder).as_posix()
    return SourceFile(name, path, was.st_size, digest.hexdigest(), was.st_mtime_ns)


def _decoded(
    decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path, lines: int, *, final: bool = False
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(b"\n")
        raise SourceRefused(
            f"{path}: line {line}: not UTF-8 text.\n"
            f"If it is GBK, convert it: iconv -f gbk -t utf-8 {path.name} > utf8.csv, and put that in its "
            "place."
        ) from None


def identity(hashes: Mapping[str, Iterable[str]], mapping_version: str = "") -> str:
    """SHA-256 over the tables and the content hashes of their files, and the mapping if there is one."""
    lines = [f"{table} {sha256}" for table in sorted(hashes) for sha256 in hashes[table]]
    return hashlib.sha256("\n".join([*lines, f"mapping {mapping_version}"]).encode()).hexdigest()


def given(db: Cursor, table: Table, files: Iterable[SourceFile]) -> Given:
    """The table as a snapshot takes it, a piece a file; nothing is read yet."""
    listed = tuple(files)
    return Given(
        lambda: read(db, table, listed),
        tuple(
            Piece(partial(read, db, table, [file]), file.path, file.sha256, file.path.suffix == ".parquet")
            for file in listed
        ),
    )


def read(db: Cursor, table: Table, files: Iterable[SourceFile]) -> Found:
    """The table's contract columns, in the source's types (Parquet) or the contract's (CSV).

    Raises SourceRefused naming the file, and for CSV the column and line, never the value; and for a column
    that the law protects outside its own table.
    """
    listed = tuple(files)
    try:
        if listed[0].path.suffix == ".csv":
            found = comma_separated(db, table, listed[0].path)
        else:
            found = parquet(db, table, [file.path for file in listed])
    except FileRefused as refused:
        raise SourceRefused(f"{table.name}: {refused.path}: {refused.why}.") from refused
    _refuse_protected(table, found, listed[0].path)
    return found


def _refuse_protected(table: Table, found: Found, path: Path) -> None:
    """Raise SourceRefused for a column that the law protects, which must not even lie in the snapshot."""
    protected = [name for name in found.left_out if name.lower() in PROTECTED_WORDS]
    if protected and table.name != PROTECTED_TABLE:
        raise SourceRefused(
            f"{table.name}: {path}: what the law protects may stand in {PROTECTED_TABLE} alone: "
            f"{', '.join(protected)}.\nTake the column out, or deliver it in {PROTECTED_TABLE}."
        )


def refuse_if_changed(files: Iterable[SourceFile]) -> None:
    """Raise SourceRefused if a file was written to while it was read: its rows would not be its hash's."""
    for file in files:
        if not file.still():
            raise SourceRefused(f"{file.path}: changed while it was read.\nRun again when it is complete.")
