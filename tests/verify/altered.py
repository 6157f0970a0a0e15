"""Altering a home, and what a report says of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from verify.report import Report

Rows = dict[str, list[dict[str, Any]]]


def told(report: Report) -> str:
    return "\n".join(f"{fault.where}: {fault.what}" for fault in report.faults)


def file_of(home: Path, pattern: str) -> Path:
    (path,) = home.glob(pattern)
    return path


def ledger(home: Path, *statements: str) -> None:
    with sqlite3.connect(home / "ledger.db") as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def rows_in(home: Path, statement: str) -> list[Any]:
    with sqlite3.connect(home / "ledger.db") as db:
        return [row[0] for row in db.execute(statement)]
