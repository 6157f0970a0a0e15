"""Firms, projects and commitments: slots, what is recommended, and what sends such a line to people."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from linewatch.documents import load_documents
from sql.engine import Engine
from tests.decisions.cases import AS_OF, LAST_NIGHT, Cases

GOOD = {
    "assessed_on": date(2026, 6, 1),
    "financial_strength": 3,
    "political_legal": 3,
    "transaction": 3,
    "sponsor": 3,
    "security": 3,
}
REPORT = {"reported_on": date(2026, 10, 1), "phase": "works", "completion_bp": 5_000, "dscr_bp": 13_000}
CALM = {"covenant_breached": False, "draw_stop": False}
LINE: dict[str, Any] = {"product": "project", "credit_limit_cents": 100_000_000, "drawn_cents": 40_000_000}
PAST = {"reviewed_on": LAST_NIGHT, "standing_grade": "C", "group_default_seen": False}
cases = Cases()


def project(
    name: str, *, assessed: dict[str, Any] | None = None, report: dict[str, Any] | None = None, **facts: Any
) -> None:
    """A firm with a project line, assessed as good and reported on calmly, unless told otherwise."""
    cases.enterprise(name, **{**LINE, **facts})
    cases.lender.add("assessment", borrower_id=name, **{**GOOD, **(assessed or {})})
    cases.lender.add("project_status", facility_id=name, **{**REPORT, **CALM, **(report or {})})


MARKS = {
    "strong": {"financial_strength": 4, "transaction": 4, "security": 4, "political_legal": 2},
    "good": {"political_legal": 2},
    "satisfactory": {"financial_strength": 2, "transaction": 2, "sponsor": 2, "security": 2},
    "weak": {"financial_strength": 1, "transaction": 2, "sponsor": 2, "security": 2},
}
for slot, marks in MARKS.items():
    project(slot, assessed=marks)
project("no visit", assessed=dict.fromkeys(list(GOOD)[1:]))
project("old visit", assessed={"assessed_on": date(2024, 11, 21)})
project("one factor unknown", assessed={"sponsor": None})
project("abandoned", report={"phase": "abandoned"})
project("unscored", pd_bp=None)
project("full", drawn_cents=99_000_000, assessed=MARKS["weak"])
project("calm")
project("not due", past=PAST)
project("draw-stop since", past=PAST, report={"draw_stop": True, "reported_on": AS_OF})
project("draw-stop before", past=PAST, report={"draw_stop": True})
project("visited since", past=PAST, assessed={"assessed_on": AS_OF})
project("late", days_past_due=90)
project("late, blocked last night", days_past_due=90, past={**PAST, "own_block": True}, drawdown_blocked=True)
project("late, blocked by the source", days_past_due=90, past=PAST, drawdown_blocked=True)
project("abandoned, not due", past=PAST, report={"phase": "abandoned"})
cases.enterprise("late and committed", commitment="committed", days_past_due=90)
cases.enterprise("late, no project", days_past_due=90)
project("victim", borrower={"fraud_flag": "victim"})
project("covenant_breached", report={"covenant_breached": True})
project("dscr_low", report={"dscr_bp": 10_999})
project("dscr_low no", report={"dscr_bp": 11_000})
project("cost_shortfall", report={"cost_to_complete_cents": 60_000_001})
project("cost_shortfall no", report={"cost_to_complete_cents": 60_000_000})
project("drawn_ahead", report={"completion_bp": 1_999})
project("drawn_ahead no", report={"completion_bp": 2_000})
project("project_report_old", report={"reported_on": date(2026, 4, 21)})
project("project_report_old no", report={"reported_on": date(2026, 4, 22)})
cases.enterprise("committed", commitment="committed", pd_bp=2_000)
cases.enterprise("committed, wished up", commitment="committed", pd_bp=50)
cases.enterprise("group_default")
cases.enterprise("sister", days_past_due=95)
cases.lender.add("control_link", borrower_id="sister", related_borrower_id="group_default")
cases.enterprise("known group default", past={**PAST, "group_default_seen": True})
cases.lender.add("control_link", borrower_id="sister", related_borrower_id="known group default")
cases.enterprise("new group default", past=PAST)
cases.lender.add("control_link", borrower_id="sister", related_borrower_id="new group default")
for name, period_end in (
    ("stale in 90 days", date(2025, 7, 19)),
    ("stale in 60 days", date(2025, 6, 20)),
    ("stale in 59 days", date(2025, 6, 19)),
):
    facts = {"period_end": period_end, "received_on": date(2026, 1, 1)}
    cases.enterprise(name, past={**PAST, "looked_at_on": date(2026, 11, 20)}, statement=facts)


@pytest.mark.parametrize("slot", MARKS)
def test_the_weighted_marks_give_the_slot(slot: str) -> None:
    policy = load_documents(AS_OF).policy.slotting
    marks: dict[str, Any] = {**GOOD, **MARKS[slot]}
    score = sum(item.weight_bp * marks[item.factor] for item in policy.factor)
    assert (cases[slot]["slot_score_bp"], cases[slot]["slot"]) == (score, slot)


def test_a_factor_that_nobody_judged_lately_counts_as_weak_and_a_person_is_asked() -> None:
    for name in ("no visit", "old visit"):
        row = cases[name]
        assert (row["slot_score_bp"], row["slot"], row["slot_sponsor"]) == (10_000, "weak", None)
        assert "slotting_incomplete" in row["triggers"]
    assert cases["one factor unknown"]["slot_score_bp"] == 30_000 - 2 * 1_500
    assert "slotting_incomplete" not in cases["good"]["triggers"]


def test_an_abandoned_project_is_in_default_and_a_draw_stop_is_recommended() -> None:
    row = cases["abandoned"]
    assert (row["slot"], row["slot_score_bp"], row["recommendation"]) == ("default", 30_000, "draw_stop")
    assert row["proposed_limit_cents"] < row["limit_cents"] == row["committed_limit_cents"]
    assert [reason["code"] for reason in row["reasons"]] == ["project_default"]


def test_a_weak_project_is_asked_to_give_back_what_is_not_drawn_for_its_weakest_factor() -> None:
    row = cases["weak"]
    assert (row["strategy_row"], row["recommendation"]) == ("project.weak.mid", "reduce_undrawn")
    assert (row["action"], row["route"]) == ("decrease", "referred")
    assert row["committed_limit_cents"] == row["limit_cents"]
    (reason,) = row["reasons"]
    assert (reason["code"], reason["points"]) == ("project_financial_strength", None)
    assert reason["cents"] > 0


def test_a_project_needs_no_score() -> None:
    row = cases["unscored"]
    assert (row["grade"], row["slot"], row["strategy_row"]) == (None, "good", "project.good.mid")


def test_every_review_of_a_project_or_a_commitment_is_a_persons_and_nothing_moves() -> None:
    assert (cases["calm"]["recommendation"], cases["calm"]["triggers"]) == ("hold", ["project_line"])
    row = cases["committed"]
    assert (row["recommendation"], row["triggers"][0]) == ("reduce_undrawn", "committed_line")
    assert row["committed_limit_cents"] == row["limit_cents"]
    assert cases["committed, wished up"]["hold_because"] == "committed"


def test_between_two_reviews_a_project_rests() -> None:
    row = cases["not due"]
    assert (row["hold_because"], row["recommendation"], row["route"]) == ("not_due", "hold", "automatic")


def test_a_report_that_alarms_and_a_visit_make_a_review_due_once() -> None:
    row = cases["draw-stop since"]
    assert (row["due_because"], row["recommendation"]) == ("project_alert", "draw_stop")
    assert row["route"] == "referred"
    assert (cases["draw-stop before"]["due"], cases["draw-stop before"]["recommendation"]) == (
        False,
        "draw_stop",
    )
    assert cases["visited since"]["due_because"] == "assessment_received"


def test_a_default_freezes_a_commitment_where_the_contract_allows_it() -> None:
    row = cases["late"]
    assert (row["slot"], row["action"], row["drawdown_blocked"]) == ("default", "freeze", True)
    assert row["recommendation"] == "draw_stop"


def test_a_default_asks_the_committee_until_drawing_is_blocked_and_then_no_more() -> None:
    assert (cases["late"]["triggers"], cases["late"]["route"]) == (["project_line"], "referred")
    assert cases["late and committed"]["triggers"] == ["committed_line"]
    assert cases["late, no project"]["route"] == "automatic"
    held = cases["abandoned, not due"]
    assert (held["hold_because"], held["action"], held["triggers"]) == ("not_due", "hold", ["project_line"])
    for blocked in ("late, blocked last night", "late, blocked by the source"):
        assert (cases[blocked]["action"], cases[blocked]["route"]) == ("hold", "automatic"), blocked


def test_a_block_that_the_contract_does_not_allow_is_recommended() -> None:
    row = cases["victim"]
    assert (row["action"], row["hold_because"]) == ("hold", "fraud_victim_block")
    assert (row["recommendation"], row["triggers"]) == ("draw_stop", ["project_line"])
    assert not row["drawdown_blocked"]


@pytest.mark.parametrize("code", ["dscr_low", "cost_shortfall", "drawn_ahead", "project_report_old"])
def test_what_a_report_says_refers_from_its_border_on(code: str) -> None:
    assert code in cases[code]["triggers"]
    assert code not in cases[f"{code} no"]["triggers"]


def test_a_broken_covenant_refers_and_a_draw_stop_is_recommended() -> None:
    row = cases["covenant_breached"]
    assert (row["recommendation"], "covenant_breached" in row["triggers"]) == ("draw_stop", True)


def test_a_default_under_the_same_hand_refers_and_is_an_event_once() -> None:
    assert "group_default" in cases["group_default"]["triggers"]
    assert "group_default" not in cases["sister"]["triggers"]
    assert cases["new group default"]["due_because"] == "group_default"
    assert cases["new group default"]["group_default_seen"]
    assert not cases["known group default"]["due"]


def test_a_statement_about_to_be_stale_is_asked_for_as_each_window_begins() -> None:
    for name in ("stale in 90 days", "stale in 60 days"):
        row = cases[name]
        assert (row["due_because"], row["triggers"]) == ("statement_expiring", ["statement_expiring"])
    assert not cases["stale in 59 days"]["due"]


@pytest.mark.parametrize("closed", [False, True], ids=["chain", "ring"])
def test_ten_thousand_in_a_chain_or_a_ring_are_one_group(closed: bool) -> None:
    names = [f"b{number * 7_919 % 10_000:05d}" for number in range(10_000)]
    links = list(pairwise([*names, names[0]] if closed else names))
    with Engine(None, threads=2) as engine, engine.cursor() as db:
        db.replace("night", [{"as_of": AS_OF, "freshness_days": 0}])
        db.replace("pol_control_group", load_documents(AS_OF).policy.tables()["pol_control_group"])
        db.create("schema/contract/control_link")
        db.append(
            "control_link",
            [
                {"borrower_id": one, "related_borrower_id": other, "kind": "parent", "valid_from": AS_OF}
                for one, other in links
            ],
        )
        groups = db.rows("decisions/exposure_group")
    assert (len(groups), {row["group_id"] for row in groups}) == (10_000, {"b00000"})
