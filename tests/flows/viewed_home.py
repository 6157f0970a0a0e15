"""A lender of two nights: lines cut, raised, held and frozen, cases decided by people, and some undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows import people
from ledger import open_ledger
from linewatch.documents import Documents
from tasks.demo import write_demo
from tests.flows.review_home import answer, documents, says, taken
from tests.whole_night import run_night

FIRST, SECOND = date(2026, 10, 21), date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BORROWERS = 240
SUSPECTED, OF_FRAUD, VICTIM = "B000000011", "B000000021", "B000000031"
FLAGS = {SUSPECTED: "suspected", OF_FRAUD: "first_party", VICTIM: "victim"}
LATER_VICTIM = "B000000043"
"""Of a third night."""
UNDONE = "segment = 'consumer_new'"


def viewed(place: Path) -> Path:
    """A home of two nights, the second upon what the first published; then some cases are decided, and what
    the second did to new consumers is undone.
    """
    home = place / "home"
    for day in (FIRST, SECOND):
        night(place, home, day, given(place, day))
    taken(home, answer(home, place / "answered.xlsx", _answers), AT)
    people.ask_reversal(home, SECOND, "wu", "A wrong card.", UNDONE, "", AT)
    people.confirm_reversal(home, SECOND, "li", "Seen.", AT)
    return home


def given(place: Path, day: date) -> Documents:
    """The shipped documents, with reviewers."""
    return documents(day, place / "documents", review="", advice=True)


def night(place: Path, home: Path, day: date, papers: Documents, *held_because: str) -> Path:
    """Run a night of the lender from what its home published, held for a reason if one is given; return its
    source.
    """
    (written,) = write_demo(
        place / "lender",
        borrowers=BORROWERS,
        seed=5,
        last_as_of=day,
        feedback=home if home.exists() else None,
    )
    _flag(
        written.folder / "borrower.parquet", {**FLAGS, **({LATER_VICTIM: "victim"} if day > SECOND else {})}
    )
    receipt = run_night(
        written.folder,
        day,
        home,
        documents=papers,
        causes=True,
        advice=day == SECOND,
        promises=False,
        held_because=held_because,
        recorded_at=datetime(day.year, day.month, day.day, 17, 15, tzinfo=UTC),
    )
    if receipt.status == "held" and not held_because:
        for who in ("wu", "li"):
            if open_ledger(home).held() is not None:
                people.approve(home, day, who, "Seen.", AT)
    return written.folder


def _flag(path: Path, planted: Mapping[str, str]) -> None:
    table = pq.read_table(path)
    ids, flags = (table[name].to_pylist() for name in ("borrower_id", "fraud_flag"))
    flagged = [planted.get(key, flag) for key, flag in zip(ids, flags, strict=True)]
    at = table.column_names.index("fraud_flag")
    pq.write_table(table.set_column(at, "fraud_flag", pa.array(flagged, pa.string())), path)


def _answers(cells: Any) -> Any:
    """Three in four cases are decided: a freeze, a smaller cut, or as proposed."""
    number = int(cells["priority"]) % 4
    if number == 0:
        return None
    if number == 1:
        return says("freeze")
    if number == 2:
        return says("another_limit", new_limit=max(cells["owed"], round(cells["limit"] * 0.9)))
    return says("approve")
