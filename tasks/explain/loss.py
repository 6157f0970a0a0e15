"""What a line would cost at default, who stands for how much of it, and the room that is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linewatch.recorded import Recorded

COLUMNS = (
    "own_loss_rate_e8",
    "ead_cents",
    "loss_cents",
    "covers",
    "obligor_owed_loss_cents",
    "obligor_loss_cents",
)


def loss_of(line: Mapping[str, Any], documents: Recorded) -> dict[str, Any] | None:
    """The figures of the step expected_loss; None for a line without a score.

    The room is the appetite of the segment less what the borrower's debt costs on all lines.
    """
    if line.get("own_loss_rate_e8") is None:
        return None
    segments = documents.policy.get("segment", ())
    appetite = next(
        (each["expected_loss"]["appetite_cents"] for each in segments if each["name"] == line["segment"]),
        None,
    )
    owed = line["obligor_owed_loss_cents"]
    return {
        **{name: line[name] for name in COLUMNS},
        "appetite_cents": appetite,
        "room_cents": None if appetite is None else appetite - owed,
    }
