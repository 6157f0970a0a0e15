"""The policy on people's decisions: which of them a second person looks at, and how fast is too fast."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from linewatch.segment import FROZEN, Count, Grade, Share


class Review(BaseModel):
    """Which decided cases another person looks at, and which were decided faster than anybody reads."""

    model_config = FROZEN

    second_look_cents: Count | None = None
    """What a case moves, up and down added over its lines, from which another person must look; in the
    reporting currency. Left out: no amount asks for one."""
    second_look_grades: tuple[Grade, ...] = ()
    """Grades of which a line that is moved or blocked needs another person, however little it is."""
    blind_share_bp: Share = 0
    """Share of all other decided cases that is read a second time, drawn by lot."""
    plausible_seconds: dict[
        Literal["site_visit", "interview", "desk_review"], Annotated[int, Field(gt=0)]
    ] = Field(default_factory=dict)
    """By kind of case: a decision that took less time is counted in the report."""
    because: str
