"""Move the record of a home from its own file into a shared ledger."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from ledger.moving import KEPT, move


def move_ledger(home: Path, recorded_at: datetime) -> dict[str, Any]:
    """What was moved, in counts. Raises what `ledger.moving.move` raises."""
    return {"home": str(home), "rows": move(home, recorded_at), "kept": str(home / KEPT)}


def words(moved: dict[str, Any]) -> str:
    rows = moved["rows"]
    return "\n".join(
        (
            f"{sum(rows.values()):,} rows moved, {rows['batch']:,} batches among them.",
            "From now on every process of this home needs LINEWATCH_LEDGER.",
            f"The file is kept as {moved['kept']}: nothing reads it, no erasure reaches it. Delete it soon.",
        )
    )
