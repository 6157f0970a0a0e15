"""Step 6 where the policy asks what a cut itself does: one that lowers the grade comes in smaller stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linewatch.documents import Documents
from sql.engine import Cursor
from tests.decisions.always import broken
from tests.decisions.cases import carried
from tests.decisions.demo_lender import made, nights_of
from tests.decisions.scored_lender import ScoredLender
from tests.decisions.small_lender import AS_OF
from tests.decisions.test_properties import night_of
from tests.oracle.compare import book_of, disagreement
from tests.oracle.lenders import random_lender
from tests.oracle.night import characteristics_of, shortfalls_of
from tests.oracle.policies import documents_under
from tests.oracle.policy_oracle import decide as decide_by_the_page

STAGED = documents_under("staged", AS_OF)
Row = dict[str, Any]


class Seen(ScoredLender):
    """A scored lender, with what its cards said for the page to be read with."""

    known: dict[str, Any]

    def fill(self, db: Cursor) -> None:
        super().fill(db)
        self.known = {
            "scores": db.raw.sql("from scores").to_arrow_table().to_pylist(),
            "characteristics": characteristics_of(db),
            "shortfalls": shortfalls_of(self.documents, db),
            "pd_steps": {
                name: [(step.score_from, step.pd_bp) for step in card.pd]
                for name, card in self.documents.scorecards.items()
            },
        }

    def agreed(self) -> dict[str, Row]:
        """Decided both ways."""
        said = self.decide()
        book = replace(book_of(self), **self.known)
        parted = disagreement(book, said, decide_by_the_page(book))
        assert not parted, parted
        return said


def never_asked(documents: Documents) -> Documents:
    """The same policy without the key."""
    segments = tuple(
        segment.model_copy(
            update={"stability": segment.stability.model_copy(update={"down_grade_fall_bp": None})}
        )
        for segment in documents.policy.segment
    )
    return replace(documents, policy=documents.policy.model_copy(update={"segment": segments}))


def late(documents: Documents = STAGED, *, as_of: date = AS_OF, dpd: int = 65, **line: Any) -> Seen:
    """Somebody who is paying late month after month, on a line whose size speaks for them."""
    lender = Seen(as_of=as_of, documents=documents)
    lender.borrower(onboarded_on=date(2020, 1, 1))
    facts = {"credit_limit_cents": 4_000_000, "drawn_cents": 2_000_000, **line}
    lender.line(months={"days_past_due": dpd}, **facts)
    return lender


def grade_of(documents: Documents, pd_bp: int) -> str:
    (bands,) = [bands for bands in documents.policy.bands if bands.subject == "consumer"]
    return next(item.grade for item in bands.band if item.pd_below_bp is None or pd_bp < item.pd_below_bp)


def test_a_cut_that_lowers_the_grade_by_itself_is_taken_in_smaller_stages() -> None:
    row = late().agreed()["f1"]
    assert row["after_expected_loss_cents"] == 3_000_000
    assert (row["stability_row"], row["stability_value"]) == ("down_grade_fall", 3_640_000)
    assert (row["proposed_limit_cents"], row["plan_open"]) == (3_640_000, True)
    assert row["next_anchor_limit_cents"] == 4_000_000


def test_the_same_cut_comes_at_once_where_the_policy_does_not_ask() -> None:
    row = late(never_asked(STAGED)).agreed()["f1"]
    assert (row["stability_row"], row["proposed_limit_cents"], row["plan_open"]) == (None, 3_000_000, False)


def test_the_grade_would_have_fallen() -> None:
    """A night whose source shows what the full step would have left."""
    held, full = late().agreed()["f1"], late(never_asked(STAGED)).agreed()["f1"]
    lender = late(credit_limit_cents=full["proposed_limit_cents"])
    rescored = lender.decide()["f1"]
    assert grade_of(STAGED, rescored["pd_bp"]) > grade_of(STAGED, held["pd_bp"])


def test_a_cut_that_leaves_the_grade_alone_comes_at_once() -> None:
    row = late(dpd=35, drawn_cents=800_000).agreed()["f1"]
    assert row["action"] == "decrease"
    assert row["stability_row"] != "down_grade_fall"


def test_the_rest_comes_only_if_it_is_still_deserved() -> None:
    first, following = late().agreed()["f1"], date(2026, 12, 21)
    later = {}
    for dpd in (65, 0):
        lender = late(as_of=following, dpd=dpd, credit_limit_cents=first["committed_limit_cents"])
        lender.previous_as_of, lender.past = AS_OF, [carried(first)]
        later[dpd] = lender.agreed()["f1"]
    assert first["route"] == "automatic"
    assert later[65]["proposed_limit_cents"] < first["proposed_limit_cents"]
    assert later[65]["anchor_limit_cents"] == 4_000_000
    assert later[0]["proposed_limit_cents"] >= first["proposed_limit_cents"]


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (4, 5, 6))])
def test_statements_and_page_agree_on_lenders_full_of_odd_lines(seed: int) -> None:
    lender = Seen.like(random_lender(seed, 800, oddness=0.05, nights_before=1.0, policy="shipped"))
    lender.documents = replace(lender.documents, policy=STAGED.policy)
    decisions = lender.agreed()
    assert "down_grade_fall" in {row["stability_row"] for row in decisions.values()}
    assert not broken(night_of(lender, decisions))


def test_on_a_generated_lender_such_a_cut_is_held_back_and_no_line_is_raised(tmp_path: Path) -> None:
    folders = made(tmp_path, 1_000)
    (asked,) = nights_of(dict(sorted(folders.items())[:1]), "staged")
    assert not broken(asked)
    held = [row for row in asked.decisions if row["stability_row"] == "down_grade_fall"]
    assert held
    for row in held:
        assert row["after_expected_loss_cents"] < row["after_stability_cents"] <= row["limit_cents"]
