"""Guards: what each measures, and that a night beyond one is held for it, with both numbers and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from ledger import NewBatch, StoredFile, open_ledger
from linewatch.documents import load_documents
from linewatch.drift import psi_bp, worst_psi_bp
from linewatch.night import Night
from linewatch.policy import GuardLimit
from linewatch.scorecard import Reference
from tasks.guard import Guarded, guard
from tests.tasks.record_fixture import RECORDED_AT

AS_OF = date(2026, 11, 21)
NAMES = get_args(GuardLimit.model_fields["guard"].annotation)
LINE: dict[str, Any] = {
    "borrower_id": "b", "segment": "small", "currency": "CNY", "scorecard": "consumer", "score": 60_000,
    "grade": "B", "quarantined": False, "limit_cents": 100_000, "committed_limit_cents": 100_000,
    "proposed_limit_cents": 100_000, "action": "hold", "route": "automatic", "triggers": [],
}  # fmt: skip
COLUMNS = """facility_id varchar, borrower_id varchar, segment varchar, currency varchar, scorecard varchar,
    score integer, grade varchar, quarantined boolean, limit_cents bigint, committed_limit_cents bigint,
    proposed_limit_cents bigint, action varchar, route varchar, triggers varchar[]"""


def lines(number: int, **facts: Any) -> list[dict[str, Any]]:
    return [{**LINE, **facts} for _ in range(number)]


def cut(number: int, by: int = 20_000, **facts: Any) -> list[dict[str, Any]]:
    left = {"committed_limit_cents": 100_000 - by, "proposed_limit_cents": 100_000 - by}
    return lines(number, action="decrease", **left, **facts)


class Home:
    """Nights of made-up decisions under one home, the last of them guarded."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.documents = load_documents(AS_OF)

    def past(self, as_of: date, decided: list[dict[str, Any]]) -> None:
        """Commit an earlier night."""
        folder = self.home / "batches" / f"{as_of}-night"
        folder.mkdir(parents=True)
        with sql.Engine(None) as engine, engine.cursor() as db:
            db.raw.execute(f"create table decisions ({COLUMNS})")
            db.append("decisions", numbered(decided))
            pq.write_table(db.raw.sql("from decisions").to_arrow_table(), folder / "decisions.parquet")
        stored = StoredFile(f"batches/{as_of}-night/decisions.parquet", "0" * 64, 1, len(decided))
        batch = NewBatch(
            batch=f"{as_of}-night", kind="night", as_of=as_of, root="r", source="", source_identity="",
            documents_identity=self.documents.identity, snapshot="", folder="",
            files={"decisions": stored}, counts={}, version="test",
        )  # fmt: skip
        open_ledger(self.home).commit_batch(batch, documents=self.documents.sources, recorded_at=RECORDED_AT)

    def tonight(
        self,
        decided: list[dict[str, Any]],
        *,
        changes: list[tuple[str, date, int, int]] = [],  # noqa: B006
        open_cases: tuple[str, ...] = (),
        other: list[dict[str, Any]] | None = None,
        no_other: str = "",
        capacity: Mapping[str, int] | None = None,
        most: int = 10**9,
        least_lines: int = 0,
    ) -> Guarded:
        """What every guard measures; each has the limit `most`."""
        limits = [
            GuardLimit(guard=name, most=most, least_lines=least_lines, because="So it was agreed.")
            for name in NAMES
        ]
        documents = replace(
            self.documents,
            policy=self.documents.policy.model_copy(update={"guard": tuple(limits)}),
            profile=self.documents.profile.model_copy(update={"review_capacity": dict(capacity or {})}),
        )
        night = Night(AS_OF, self.home, "", documents, RECORDED_AT)
        with scratch(night, decided, changes, open_cases):
            if other is None:
                return guard.fn(night, None, no_other)
            again = replace(night, home=self.home / "again")
            with scratch(again, other, [], ()):
                return guard.fn(night, again)


@contextmanager
def scratch(
    night: Night,
    decided: list[dict[str, Any]],
    changes: list[tuple[str, date, int, int]],
    open_cases: tuple[str, ...],
) -> Iterator[None]:
    try:
        with sql.open_engine(night.scratch).cursor() as db:
            db.raw.execute(f"create or replace table decisions ({COLUMNS})")
            db.append("decisions", numbered(decided))
            db.raw.execute(
                "create or replace table fx_latest as select 'CNY' as currency, 1000000 as rate_ppm"
            )
            db.raw.execute("insert into fx_latest values ('USD', 7000000)")
            db.replace("night", [{"as_of": night.as_of, "previous_as_of": None, "freshness_days": 3}])
            names = ("facility_id", "as_of", "old_limit_cents", "new_limit_cents")
            db.replace("past_change", [dict(zip(names, row, strict=True)) for row in changes])
            opened = {"case_id": "c", "opened_on": AS_OF, "due_on": AS_OF}
            db.replace("open_case", [{"borrower_id": name, **opened} for name in open_cases])
        yield
    finally:
        sql.close_engine(night.scratch)


def numbered(decided: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"facility_id": f"f{at:05}", **row} for at, row in enumerate(decided)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_shares_of_lines_and_of_money_are_in_basis_points_rounded_up(home: Home) -> None:
    """Of 7 lines, each of 1,000.00: one is cut by 200.00, one raised by 100.00, one frozen, one referred."""
    decided = [
        *cut(1),
        *lines(1, action="increase", committed_limit_cents=110_000),
        *lines(1, action="freeze"),
        *lines(1, route="referred"),
        *lines(1, quarantined=True, grade=None),
        *lines(1, grade=None),
        *lines(1),
    ]
    measured = home.tonight(decided).measured
    share = 1429  # 10000 / 7, rounded up
    for name in ("decreased", "frozen", "referred", "quarantined", "unscored"):
        assert measured[f"{name}_share_bp"] == share, name
    assert measured["decreased_cents_share_bp"] == 286
    assert measured["increased_cents_share_bp"] == 143


def test_a_referred_cut_is_no_cut_and_a_quarantined_line_is_not_unscored(home: Home) -> None:
    measured = home.tonight([*lines(1, action="decrease", route="referred"), *lines(1)]).measured
    assert (measured["decreased_share_bp"], measured["decreased_30d_share_bp"]) == (0, 0)


def test_money_of_other_currencies_is_brought_to_the_reporting_one(home: Home) -> None:
    """A seventh of the yuan and all of the dollars at 7: 20,000 + 7 × 20,000 of 100,000 + 700,000."""
    measured = home.tonight([*cut(1), *cut(1, currency="USD")]).measured
    assert measured["decreased_cents_share_bp"] == 2000


def test_cuts_of_thirty_days_add_up_with_tonights_and_rises_count_against_them(home: Home) -> None:
    """f0: cut before and tonight. f1: cut and raised again. f2: cut thirty days ago, which is too long."""
    decided = [*cut(1), *lines(3)]
    changes = [
        ("f00000", AS_OF - timedelta(days=29), 130_000, 100_000),
        ("f00001", AS_OF - timedelta(days=9), 120_000, 100_000),
        ("f00001", AS_OF - timedelta(days=5), 100_000, 120_000),
        ("f00002", AS_OF - timedelta(days=30), 150_000, 100_000),
    ]
    measured = home.tonight(decided, changes=changes).measured
    assert measured["decreased_30d_share_bp"] == 2500
    assert measured["decreased_cents_30d_share_bp"] == 1163  # 50,000 of 380,000 + 50,000
    assert measured["decreased_share_bp"] == 2500


def test_cases_are_measured_against_what_each_team_can_decide_in_a_day(home: Home) -> None:
    """A borrower is one case, of the most thorough kind; one who has a case open makes no new one."""
    decided = [
        *lines(1, borrower_id="a", route="referred", triggers=["project_line"]),
        *lines(1, borrower_id="a", route="referred", triggers=["large_decrease"]),
        *lines(1, borrower_id="b", route="referred", triggers=["large_decrease"]),
        *lines(1, borrower_id="c", route="referred", triggers=["large_decrease"]),
        *lines(1, borrower_id="d", route="referred", triggers=["project_line"]),
    ]
    found = home.tonight(decided, open_cases=("d",), capacity={"field": 4, "desk": 3})
    assert found.measured["referred_capacity_bp"] == 6667
    assert home.tonight(decided).measured["referred_capacity_bp"] is None
    assert "referred_capacity_bp (the profile states no review_capacity)" in " ".join(
        home.tonight(decided).notes
    )


def test_new_documents_are_measured_by_the_lines_that_they_decide_otherwise(home: Home) -> None:
    """Of 4 lines: one gets another action, one another direction under the same action; two are the same."""
    home.past(AS_OF - timedelta(days=1), lines(4))
    referred = {"route": "referred", "action": "hold"}
    decided = [*cut(1), *lines(1, **referred, proposed_limit_cents=90_000), *cut(1), *lines(1)]
    other = [*lines(1), *lines(1, **referred, proposed_limit_cents=110_000), *cut(1, by=30_000), *lines(1)]
    assert home.tonight(decided, other=other).measured["swap_share_bp"] == 5000


def test_where_no_document_is_new_nothing_is_decided_otherwise(home: Home) -> None:
    first = home.tonight(lines(1))
    assert first.measured["swap_share_bp"] is None
    home.past(AS_OF - timedelta(days=1), lines(1))
    assert home.tonight(lines(1)).measured["swap_share_bp"] == 0
    lost = home.tonight(lines(1), no_other="the last night's documents cannot be used any more")
    assert lost.measured["swap_share_bp"] is None
    assert any("cannot be used any more" in note for note in lost.notes)


def spread(**numbers: int) -> list[dict[str, Any]]:
    """So many lines in each grade, with a score of its own."""
    return [
        row
        for grade, number in numbers.items()
        for row in lines(number, grade=grade, score=70_000 - 1_000 * "ABCDEFG".index(grade))
    ]


def test_scores_and_grades_are_compared_with_the_nights_one_thirty_and_ninety_days_back(home: Home) -> None:
    """Each with the night that far back, or the nearest before it."""
    home.past(AS_OF - timedelta(days=95), spread(A=500, G=500))
    home.past(AS_OF - timedelta(days=30), spread(A=600, G=400))
    home.past(AS_OF - timedelta(days=3), spread(A=800, G=200))
    measured = home.tonight(spread(A=800, G=200)).measured
    assert measured["score_psi_1_bp"] == measured["grade_psi_1_bp"] == 0
    month, season = psi_bp([600, 400], [800, 200]), psi_bp([500, 500], [800, 200])
    for kind in ("score", "grade"):
        assert measured[f"{kind}_psi_30_bp"] == month
        assert measured[f"{kind}_psi_90_bp"] == season


def test_equal_scores_never_lie_in_two_bands(home: Home) -> None:
    """Nine lines of ten have one score: the same population again has not moved."""
    home.past(AS_OF - timedelta(days=1), spread(B=900, C=100))
    assert home.tonight(spread(B=900, C=100)).measured["score_psi_1_bp"] == 0


def test_each_scorecard_is_measured_by_itself_and_the_worst_counts(home: Home) -> None:
    firms = [{**row, "scorecard": "enterprise"} for row in spread(A=50, G=50)]
    home.past(AS_OF - timedelta(days=1), [*spread(A=500, G=500), *firms])
    moved = [{**row, "scorecard": "enterprise"} for row in spread(A=80, G=20)]
    tonight = [*spread(A=500, G=500), *moved]
    assert home.tonight(tonight).measured["grade_psi_1_bp"] == psi_bp([50, 50], [80, 20])
    assert home.tonight(tonight, least_lines=101).measured["grade_psi_1_bp"] == 0
    few = home.tonight(tonight, least_lines=1001)
    assert few.measured["grade_psi_1_bp"] is None
    assert any("no scorecard has 1,001 lines on both sides" in note for note in few.notes)


def test_scores_and_grades_are_compared_with_the_cards_reference(home: Home) -> None:
    """The reference: half of 1,000 lines under 650 points and in grade G, half over and in A."""
    told = Reference.model_validate(
        {
            "population": "a lender",
            "lines": 1000,
            "because": "",
            "score_band": [{"below": 65_000, "share_bp": 5000}, {"share_bp": 5000}],
            "grade_share_bp": {"A": 5000, "G": 5000, **dict.fromkeys("BCDEF", 0)},
        }
    )
    cards = {
        name: card.model_copy(update={"reference": told if name == "consumer" else None})
        for name, card in home.documents.scorecards.items()
    }
    home.documents = replace(home.documents, scorecards=cards)
    measured = home.tonight(spread(A=800, G=200)).measured
    assert measured["score_psi_reference_bp"] == psi_bp([500, 500], [200, 800])
    grades = ([500, 0, 0, 0, 0, 0, 500], [800, 0, 0, 0, 0, 0, 200])
    assert measured["grade_psi_reference_bp"] == psi_bp(*grades)
    bare = {name: card.model_copy(update={"reference": None}) for name, card in cards.items()}
    home.documents = replace(home.documents, scorecards=bare)
    assert home.tonight(spread(A=1)).measured["score_psi_reference_bp"] is None


def test_a_first_night_is_held_to_its_own_limits_and_says_what_it_could_not_compare(home: Home) -> None:
    found = home.tonight([*cut(4), *lines(6)], most=3999, least_lines=100)
    assert found.tripped == (
        "decreased_share_bp is 4000, most 3999: So it was agreed.",
        "decreased_30d_share_bp is 4000, most 3999: So it was agreed.",
    )
    assert home.tonight([*cut(4), *lines(6)], most=4000, least_lines=100).tripped == ()
    assert any(note.startswith("not measured: score_psi_1_bp, grade_psi_1_bp (") for note in found.notes)


def test_every_guard_is_on_the_page_of_the_policy_and_in_the_shipped_policy(home: Home) -> None:
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    section = page.split("## 6. Guards")[1].split("\n## ")[0]
    assert [name for name in NAMES if f"| {name} |" not in section] == []
    assert sorted(limit.guard for limit in home.documents.policy.guard) == sorted(NAMES)


def test_a_card_without_lines_has_no_index() -> None:
    row = {"scorecard": "a", "then_lines": 0, "now_lines": 5}
    assert worst_psi_bp([row], 0) is None
    assert worst_psi_bp([], 0) is None


HELOC = (
    (599, 735, 939, 418, 1269, 542, 832, 401, 747, 839),
    (245, 310, 390, 187, 505, 284, 329, 177, 346, 365),
)
"""Lines by band of score, expected and actual: the index published with them is 0.006084.

From the tutorial "Scorecard monitoring" of OptBinning (`psi_table`), on the HELOC data of FICO: 7,321
borrowers that a scorecard was drawn on, and 3,138 held back.
"""


def test_the_index_is_the_published_one_on_a_published_scorecard() -> None:
    """Ours adds one to every count, which tells a little at this size and nothing at a larger one."""
    expected, actual = HELOC
    assert psi_bp(expected, actual) in (60, 61)
    assert psi_bp([1000 * each for each in expected], [1000 * each for each in actual]) == 61


def test_the_index_is_the_sum_of_both_divergences_whichever_side_is_first() -> None:
    assert psi_bp(*HELOC) == psi_bp(*reversed(HELOC))
    assert psi_bp(HELOC[0], HELOC[0]) == 0
