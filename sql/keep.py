"""The files of a batch: the rows of a statement, durable, named by their hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sql.engine import Cursor
from sql.files import settle, sha256_of


@dataclass(frozen=True)
class Kept:
    """A file that lies there whole."""

    path: Path
    sha256: str
    bytes: int
    rows: int

    def under(self, home: Path) -> dict[str, Any]:
        """The file as the record of a home names it."""
        path = self.path.relative_to(home).as_posix()
        return {"path": path, "sha256": self.sha256, "bytes": self.bytes, "rows": self.rows}


def keep_all(
    db: Cursor,
    statements: Mapping[str, str],
    folder: Path,
    *,
    point: Callable[[str, str], None] = lambda *_: None,
    **params: Any,
) -> dict[str, Kept]:
    """The rows of each statement as a file of the folder, which is made and comes through a power cut whole.

    `point` hears of which file, by its name, and how far it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        name: keep(db, statement, folder, name, point=partial(point, name), **params)
        for name, statement in statements.items()
    }
    settle(folder)
    settle(folder.parent)
    return kept


def keep(
    db: Cursor,
    statement: str,
    folder: Path,
    name: str,
    *,
    point: Callable[[str], None] = lambda _: None,
    **params: Any,
) -> Kept:
    """Leave `folder`/<name>-<first 16 of its SHA-256>.parquet; `point` hears how far it is, for tests."""
    half = folder / f"{name}.partial"
    point("before")
    rows = db.write(statement, half, **params)
    settle(half)
    return keep_written(half, folder, name, rows, ending="parquet", point=point)


def keep_beside(halves: Mapping[str, Path], folder: Path, rows: int) -> dict[str, Kept]:
    """Move files that are written and durable, of so many rows each, to the folder of a batch."""
    kept = {name: keep_written(half, folder, name, rows) for name, half in halves.items()}
    settle(folder)
    return kept


def keep_written(
    half: Path,
    folder: Path,
    name: str,
    rows: int,
    *,
    ending: str = "bin",
    point: Callable[[str], None] = lambda _: None,
) -> Kept:
    """Move a file that is written and durable to `folder`/<name>-<first 16 of its SHA-256>.<ending>."""
    sha256 = sha256_of(half)
    path = folder / f"{name}-{sha256[:16]}.{ending}"
    point("inside")
    half.rename(path)
    point("after")
    return Kept(path, sha256, path.stat().st_size, rows)
