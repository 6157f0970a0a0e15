"""What a record names of a home: every file of its batches and snapshots, and what lies beside cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger import Batch
from linewatch.backup import Backup
from sources import snapshot

RECORD = "ledger.db"
CHECKPOINT = "checkpoint"
BESIDE = ("log.key", "shared-ledger.json")
"""What no record names and a home needs: the key that signs, and which shared ledger is its own."""


@dataclass(frozen=True)
class Made:
    """A backup that stands, or a home that was made from one."""

    path: Path
    backup: Backup
    copied_bytes: int
    shared_bytes: int
    """Of files that lie there once under several names, or that an earlier backup has too."""


def wanted_files(home: Path, known: Iterable[Batch], evidence: Mapping[str, str]) -> dict[str, str | None]:
    """Every file that batches name, and what lies beside cases, by its path in the home, with its hash; None:
    the record has none.
    """
    wanted: dict[str, str | None] = dict(evidence)
    for batch in known:
        if batch.snapshot:
            wanted.setdefault(f"{batch.snapshot}/{snapshot.MANIFEST}", None)
            taken = snapshot.look(home / batch.snapshot)
            for name, part in (taken.files if taken is not None else {}).items():
                wanted[f"{batch.snapshot}/{name}"] = part["sha256"]
        for stored in batch.files.values():
            wanted[stored.path] = stored.sha256
    return wanted
