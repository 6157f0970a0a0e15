"""The receipt of a batch, read from its row alone."""

from __future__ import annotations

from pathlib import Path

from ledger.address import place_of
from ledger.rows import Batch
from linewatch.receipt import Receipt


def receipt(home: Path, known: Batch) -> Receipt:
    """What the batch came to, with the paths as they are in this home."""
    counts = known.counts
    return Receipt(
        as_of=known.as_of,
        batch=known.batch,
        status=known.state,
        root=known.root,
        decided=counts.get("decided", 0),
        actions=counts.get("actions", {}),
        routes=counts.get("routes", {}),
        quarantined=counts.get("quarantined", {}),
        drafts=counts.get("drafts", 0),
        cases=counts.get("cases", 0),
        changes=counts.get("changes", 0),
        held_because=known.held_because,
        paths={
            **{name: home / stored.path for name, stored in known.files.items()},
            "ledger": place_of(home),
        },
    )
