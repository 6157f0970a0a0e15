"""The generated lender, decided night after night by the statements alone: each shows what the last one left.

No promise is checked, nothing is drafted or committed: thousands of lines in the time of a small lender.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from linewatch.documents import Documents
from sql import stage
from sql.contract import contract
from sql.engine import Cursor
from tasks.demo import write_demo
from tests.decisions.cases import carried
from tests.decisions.decided_night import Night
from tests.decisions.scored_lender import ScoredLender, score
from tests.oracle.policies import documents_under

Row = dict[str, Any]


@cache
def made(place: Path, borrowers: int) -> dict[date, Path]:
    """Three nights of the lender as if nobody reviewed it, by day."""
    nights = write_demo(place / str(borrowers), borrowers=borrowers, seed=7, nights=3)
    return {night.as_of: night.folder for night in nights}


class DemoLender(ScoredLender):
    """One night of it, read from its folder."""

    def __init__(self, folder: Path, as_of: date, documents: Documents, before: DemoLender | None) -> None:
        super().__init__(as_of=as_of, documents=documents)
        self.folder = folder
        self.decisions: dict[str, Row] = {}
        self.rates: dict[str, int] = {}
        if before:
            self.previous_as_of = before.as_of
            self.past = [carried(row) for row in before.decisions.values()]
            self.changes = [*before.changes, *changes_of(before)]

    def fill(self, db: Cursor) -> None:
        days = {"a": self.as_of, "b": self.previous_as_of if self.past else None}
        db.raw.execute("create table night as select $a::date as as_of, $b::date as previous_as_of", days)
        for table in contract():
            prefix = "sent" if table == "facility" else "raw"
            db.parquet(f"{prefix}_{table}", [self.folder / f"{table}.parquet"])
        self.fill_past(db)
        db.raw.execute(SHOWN)
        stage.note_source_columns(db)
        stage.stage(db)
        stage.accept(db)
        db.create("schema/former_scores")
        score(self, db)

    def caps(self, db: Cursor) -> list[Row]:
        found = super().caps(db)
        self.rates = {row["currency"]: row["rate_ppm"] for row in db.rows("decisions/rate_now")}
        return found

    def night(self) -> Night:
        """Its decisions, and what was asked of them."""
        self.decisions = self.decide()
        return Night(
            as_of=self.as_of,
            decisions=list(self.decisions.values()),
            documents=self.documents,
            caps=self.caps_used,
            law_claims=self.law_claims,
            rate_ppm=self.rates,
        )


SHOWN = """
create table raw_facility as
select
    line.* replace (
        coalesce(past.committed_limit_cents, line.credit_limit_cents) as credit_limit_cents,
        case when past.own_block then true else line.drawdown_blocked end as drawdown_blocked
    )
from sent_facility as line
left join past_decision as past on line.facility_id = past.facility_id
"""
"""The lender's own books after our changes: what is decided is published at once."""


def nights_of(folders: dict[date, Path], policy: str) -> Iterator[Night]:
    before = None
    for as_of, folder in sorted(folders.items()):
        lender = DemoLender(folder, as_of, documents_under(policy, as_of), before)
        yield lender.night()
        before = lender


def changes_of(lender: DemoLender) -> list[Row]:
    return [
        {
            "facility_id": name,
            "as_of": lender.as_of,
            "old_limit_cents": row["limit_cents"],
            "new_limit_cents": row["committed_limit_cents"],
        }
        for name, row in lender.decisions.items()
        if row["committed_limit_cents"] != row["limit_cents"]
    ]
