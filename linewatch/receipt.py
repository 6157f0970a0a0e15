"""What a night came to, once its batch is known: handed from commit to whoever tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Receipt:
    """A batch that the ledger knows, in counts and absolute paths."""

    as_of: date
    batch: str
    status: str
    """committed or held"""
    root: str
    decided: int
    actions: Mapping[str, int]
    routes: Mapping[str, int]
    quarantined: Mapping[str, int]
    """Rows by table."""
    drafts: int
    cases: int
    changes: int
    held_because: tuple[str, ...]
    paths: Mapping[str, Path | str]
    """Each file of the batch by name, decisions, changes, drafts, …; and ledger, which may be an address."""
