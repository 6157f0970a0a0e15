"""`linewatch scorecard reference`: how a night's lines spread over scores and grades, to stand in a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ledger import standing_ledger
from linewatch.segment import GRADES
from sql.engine import Cursor, Engine


@dataclass(frozen=True)
class Spread:
    """How the scored lines of one card spread on a night."""

    scorecard: str
    lines: int
    score_band: Sequence[Mapping[str, int]]
    """`below` (not on the last) and `share_bp`, the lowest scores first."""
    grade_share_bp: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "scorecard": self.scorecard,
            "lines": self.lines,
            "score_band": list(self.score_band),
            "grade_share_bp": dict(self.grade_share_bp),
        }

    def as_toml(self, as_of: date, lender: str) -> str:
        """What stands in the card's document; `because` is for whoever approves it."""
        bands = "\n".join(
            "    { "
            + ", ".join(f"{name} = {band[name]}" for name in ("below", "share_bp") if name in band)
            + " },"
            for band in self.score_band
        )
        grades = ", ".join(f"{grade} = {share}" for grade, share in self.grade_share_bp.items())
        return (
            f"# for the scorecard {self.scorecard}\n[reference]\n"
            f'population = "{lender}, night of {as_of}: {self.lines:,} lines"\n'
            f"lines = {self.lines}\n"
            'because = ""\n'
            f"score_band = [\n{bands}\n]\n"
            f"grade_share_bp = {{ {grades} }}\n"
        )


def spread_of(home: Path, as_of: date | None = None) -> tuple[date, list[Spread]]:
    """The spread of every card on a committed night, the newest where none is named. Raises NotFound."""
    ledger = standing_ledger(home)
    batch = ledger.standing(as_of, held_too=False)
    with Engine(None) as engine, engine.cursor() as db:
        db.parquet("decisions", [ledger.file(batch, "decisions")])
        return batch.as_of, _spreads(db)


def _spreads(db: Cursor) -> list[Spread]:
    edges, totals = db.rows("guards/reference_edge"), db.rows("guards/reference_totals")
    found = []
    for card in sorted({str(row["scorecard"]) for row in totals}):
        below = [row["below_score"] for row in edges if row["scorecard"] == card]
        rows = [
            {"scorecard": card, "band": number, "below_score": edge, "lines": 0}
            for number, edge in enumerate([*below, None], start=1)
        ]
        db.replace("reference_score", rows)
        counted = [int(row["now_lines"]) for row in db.rows("guards/reference_scores")]
        grades = {row["grade"]: int(row["lines"]) for row in totals if row["scorecard"] == card}
        found.append(
            Spread(
                card,
                sum(counted),
                [
                    {**({} if edge is None else {"below": edge}), "share_bp": share}
                    for edge, share in zip([*below, None], shares_bp(counted), strict=True)
                ],
                dict(zip(GRADES, shares_bp([grades.get(grade, 0) for grade in GRADES]), strict=True)),
            )
        )
    return found


def shares_bp(counts: Sequence[int]) -> list[int]:
    """Shares in basis points that add up to 10,000: what rounding down leaves goes to the largest remainders.

    1, 1, 1 gives 3334, 3333, 3333.
    """
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    shares = [count * 10_000 // whole for count in counts]
    order = sorted(range(len(counts)), key=lambda at: (-(counts[at] * 10_000 % whole), at))
    for at in order[: 10_000 - sum(shares)]:
        shares[at] += 1
    return shares
