"""A new scorecard alone takes nothing from a long good customer for some months."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from linewatch.documents import SHIPPED, grace_rows, load_documents
from tests.decisions.cases import Cases

CARD = SHIPPED / "scorecards" / "2000-01-01-consumer.toml"
cases = Cases()


def rescored(name: str, *, conduct_before: int | None = 20_000, **facts: Any) -> None:
    """Grade E by the new card, C by the one before it, with conduct worth 200 points by the latter."""
    past = {"standing_grade": "C", "conduct_points": conduct_before, **facts.pop("past", {})}
    began = facts.pop("began", date(2026, 11, 1))
    cases.case(name, pd_bp=1500, past=past, **facts)
    cases.lender.former_scores.append(
        {
            "borrower_id": name,
            "former_pd_bp": 300,
            "former_conduct_points": 20_000,
            "grace_began_on": began,
        }
    )


rescored("long good")
rescored("conduct worse", conduct_before=20_001)
rescored("conduct unknown", conduct_before=None)
rescored("late once", months={"days_past_due": 3})
rescored("known for a year", borrower={"onboarded_on": date(2025, 1, 1)})
rescored("last day", began=date(2026, 5, 22))
rescored("over", began=date(2026, 5, 21))


def test_a_long_good_customer_keeps_the_better_grade_of_two_cards() -> None:
    for name in ("long good", "last day"):
        row = cases[name]
        assert (row["grade"], row["grade_by_former"], row["pd_bp"], row["former_pd_bp"]) == (
            "C",
            True,
            1500,
            300,
        )
        assert row["action"] != "decrease"


def test_worse_conduct_a_late_payment_or_a_short_history_has_no_grace() -> None:
    for name in ("conduct worse", "conduct unknown", "late once", "known for a year"):
        assert (cases[name]["grade"], cases[name]["grade_by_former"]) == ("E", False)


def test_grace_ends_and_conduct_is_remembered_from_before_it() -> None:
    assert (cases["over"]["grade"], cases["over"]["former_pd_bp"]) == ("E", None)
    assert cases["long good"]["conduct_points"] == 20_000


def lenders_cards(folder: Path) -> Path:
    """A lender's own set with two versions of its consumer card, the second from 1 November."""
    room = folder / "scorecards"
    room.mkdir()
    old = CARD.read_text(encoding="utf-8")
    (room / "1.toml").write_text(old, encoding="utf-8")
    new = old.replace(" = 2000-01-01", " = 2026-11-01", 1).replace("2000-01-01", "2026-11-01", 1)
    (room / "2.toml").write_text(new, encoding="utf-8")
    enterprise = SHIPPED / "scorecards" / "2000-01-01-enterprise.toml"
    (room / "3.toml").write_text(enterprise.read_text(encoding="utf-8"), encoding="utf-8")
    profile = folder / "profile.toml"
    shipped = SHIPPED / "profiles" / "2000-01-01-default.toml"
    profile.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    return profile


def test_the_card_before_is_among_the_documents_while_somebody_looks_at_it(tmp_path: Path) -> None:
    profile = lenders_cards(tmp_path)
    for as_of, kept in ((date(2026, 10, 31), False), (date(2026, 11, 21), True), (date(2027, 5, 1), False)):
        documents = load_documents(as_of, profile=profile)
        assert (set(documents.former_scorecards) == {"consumer"}) is kept
        assert ("former_scorecard" in {source.kind for source in documents.sources}) is kept
    documents = load_documents(date(2026, 11, 21), profile=profile)
    assert documents.former_scorecards["consumer"].version == "2000-01-01"
    assert documents.scorecards["consumer"].version == "2026-11-01"
    assert grace_rows(documents) == [{"subject": "consumer", "began_on": date(2026, 11, 1)}]
