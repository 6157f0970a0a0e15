"""The walk once more with other steps on: why a limit falls, and what it would be without the law.

All variants of it go over copies of the lines in question at once, in the schema `aside`: to walk a few
lines costs what planning the walk costs, which is the same for all variants together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sql.engine import Cursor

SWITCHED = ("gate", "strategy", "affordability", "expected_loss", "exposure", "regulation")
"""The steps that may lower a limit: each can be switched off to see what it does."""
READERS = ("variant_outcome", "law_free")
"""What reads the end of a walk aside."""
COPIES = ("own_lines", "line_rule", "grade_fall", "reviewed", "law_claim", "line_risk")
"""What the walk joins to a line, under the keys of its copies."""
STATEMENTS = tuple(f"aside/{copy}" for copy in COPIES)
LINES_AT_ONCE = 400_000
"""Copies that are walked at once; where one variant has more, it is walked by itself."""


@dataclass(frozen=True)
class Variant:
    """One way to walk: the steps that are on, and whether gates and blocks of law are."""

    number: int
    step: str
    kind: str
    on: frozenset[str]

    @property
    def switches(self) -> dict[str, Any]:
        """Its row of `switches`."""
        steps = {name: name in self.on for name in SWITCHED}
        return {"variant": self.number, **steps, "law": self.kind != "lawless"}

    @property
    def row(self) -> dict[str, Any]:
        """Its row of `variant`."""
        return {"variant": self.number, "step": self.step, "kind": self.kind}


TONIGHT = Variant(0, "", "tonight", frozenset(SWITCHED))
"""The night's own walk."""


def prepare(db: Cursor) -> list[Variant]:
    """Leave whose reasons are looked for, and the empty outcomes; return the variants worth a walk.

    Leaving out a step that moved no line of a group would change nothing there. Alone it may still bind,
    hidden behind another; not the gate, behind which nothing stands. Where covers of an anchor lapsed,
    expected loss is tried once more with them.
    """
    for outcome in ("law_outcome", "ground_outcome", "restored_cover"):
        db.create(f"schema/{outcome}")
    tried: list[tuple[str, str]] = []
    falling = db.build("decisions/ground_line")
    db.build("decisions/step_moved")
    if falling:
        moved = {row[0] for row in db.raw.execute("select distinct step from step_moved").fetchall()}
        for step in SWITCHED:
            tried += [(step, "without")] * (step in moved)
            tried += [(step, "alone")] * (step in moved or step != "gate")
    if db.build("decisions/lapsed_cover") and falling:
        db.build("decisions/restored_cover")
        tried.append(("expected_loss", "secured"))
    if db.build("decisions/law_tried"):
        tried.append(("regulation", "lawless"))
    return [
        Variant(number, step, kind, _on(step, kind)) for number, (step, kind) in enumerate(tried, start=1)
    ]


def portions(db: Cursor, variants: list[Variant]) -> Iterator[list[Variant]]:
    """The variants, as many at a time as memory is given for."""
    ((lines,),) = db.raw.execute(
        "select count(*) from walk_grade"
        " where group_id in (select group_id from ground_line union all select group_id from law_tried)"
    ).fetchall()
    size = max(1, LINES_AT_ONCE // max(1, lines))
    for start in range(0, len(variants), size):
        yield variants[start : start + size]


def _on(step: str, kind: str) -> frozenset[str]:
    others = frozenset(SWITCHED) - {step}
    return others if kind in ("without", "lawless") else frozenset({step})
