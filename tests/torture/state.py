"""All that a home holds, to be compared with another that should hold the same."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

State = Mapping[str, Any]


def state(home: Path) -> State:
    """Files and folders by name with the hash of their bytes, tables with their rows."""
    found: dict[str, Any] = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if name.startswith("ledger.db"):
            continue
        content = path.read_bytes() if path.is_file() else b"a folder"
        found[name] = hashlib.sha256(content.replace(str(home).encode(), b"HOME")).hexdigest()
    return found | {f"table {name}": rows for name, rows in _tables(home / "ledger.db").items()}


def differences(one: State, other: State) -> list[str]:
    """What stands in one and not, or otherwise, in the other; with the rows of tables."""
    return [
        f"{name}: {_short(one.get(name))} is {_short(other.get(name))}"
        for name in sorted({*one, *other})
        if one.get(name) != other.get(name)
    ]


def _short(what: Any) -> str:
    if what is None:
        return "nothing"
    return str(what) if isinstance(what, list) else str(what)[:12]


def _tables(ledger: Path) -> dict[str, list[Any]]:
    if not ledger.exists():
        return {}
    with closing(sqlite3.connect(ledger)) as db:
        names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        return {name: db.execute(f"select * from {name} order by rowid").fetchall() for name in sorted(names)}
