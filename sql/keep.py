"""The files of a batch: the rows of a statement, durable, named by their hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
    partial = folder / f"{name}.partial"
    point("before")
    rows = db.write(statement, partial, **params)
    settle(partial)
    sha256 = sha256_of(partial)
    path = folder / f"{name}-{sha256[:16]}.parquet"
    point("inside")
    partial.rename(path)
    point("after")
    return Kept(path, sha256, path.stat().st_size, rows)
