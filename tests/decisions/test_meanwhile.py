"""What stands on a line while people are asked, where the policy says so of a trigger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linewatch.documents import Documents, load_documents
from linewatch.errors import DocumentRefused
from linewatch.policy import Policy
from linewatch.reasons import GROUNDS, REASONS, REVIEWED
from linewatch.trigger import MEANWHILE, Trigger
from tests.decisions.cases import AS_OF, Cases, carried
from tests.decisions.small_lender import SmallLender
from tests.oracle.compare import assert_agree

REASON_OF = {"grade_worsened": "external_debt", "fraud_suspected": "activity", "committed_line": "size"}
SHIPPED = Path("linewatch/policies/2000-01-01-default.toml")


def stopping(documents: Documents, **more: str) -> Documents:
    """Triggers of these codes let nobody draw meanwhile, each for its reason."""
    reasons = {**REASON_OF, **more}
    told = [
        trigger.model_copy(update={"meanwhile": "no_new_drawdown", "reason": reasons[trigger.code]})
        if trigger.code in reasons
        else trigger
        for trigger in documents.policy.trigger
    ]
    return replace(documents, policy=documents.policy.model_copy(update={"trigger": tuple(told)}))


DOCUMENTS = stopping(load_documents(AS_OF))
WORSE: dict[str, Any] = {"pd_bp": 3000}
SUSPECTED = {"borrower": {"fraud_flag": "suspected"}}
STOPPED = {"own_block": True, "review_block": "external_debt", "block_shown": True}
NOT_DUE = {"reviewed_on": date(2026, 11, 5)}
cases = Cases(documents=DOCUMENTS)
cases.case("worse", past={}, drawdown_blocked=False, **WORSE)
cases.case("suspected", past={}, **SUSPECTED)
cases.case("both", past={}, **WORSE, **SUSPECTED)
cases.case("blocked by the source", past={"own_block": False}, drawdown_blocked=True, **WORSE)
cases.case("in default", past={}, days_past_due=90, **WORSE)
cases.case("committed", past={}, commitment="committed", **WORSE, **SUSPECTED)
cases.case("not due", past=NOT_DUE, **WORSE, **SUSPECTED)
cases.case("complained", pd_bp=1500, past={}, rows={"treatment": {"kind": "complaint"}})
for name, facts in {
    "stands": {"past": {**STOPPED, **NOT_DUE}, "drawdown_blocked": True},
    "stands and is due": {"past": STOPPED, "drawdown_blocked": True, **WORSE},
    "stands, not shown yet": {
        "past": {**STOPPED, **NOT_DUE, "block_shown": False},
        "drawdown_blocked": False,
    },
    "lifted by others": {"past": {**STOPPED, **NOT_DUE}, "drawdown_blocked": False},
    "lifted by others and due": {"past": STOPPED, "drawdown_blocked": False, **WORSE},
    "has died since": {"past": STOPPED, "drawdown_blocked": True, "borrower": {"deceased_on": AS_OF}},
}.items():
    cases.case(name, **facts)
    cases.lender.open_cases.append({"borrower_id": name, "case_id": f"c-{name}"})
for name, facts in {
    "ended": {"past": {**STOPPED, **NOT_DUE}, "drawdown_blocked": True},
    "ended and is due": {"past": STOPPED, "drawdown_blocked": True, **WORSE},
    "ended, in default": {"past": STOPPED, "drawdown_blocked": True, "days_past_due": 90},
    "ended, in quarantine": {"past": STOPPED, "drawdown_blocked": True},
}.items():
    cases.case(name, **facts)
cases.lender.quarantined.append("ended, in quarantine")


def codes(row: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in row["reasons"]]


def test_a_referred_line_is_frozen_for_its_triggers_reason_and_people_are_asked_what_was_proposed() -> None:
    row = cases["worse"]
    assert (row["action"], row["route"], row["review_block"]) == ("freeze", "referred", "external_debt")
    assert (row["own_block"], row["drawdown_blocked"], row["person_block"]) == (True, True, False)
    assert row["proposed_limit_cents"] < row["committed_limit_cents"] == row["limit_cents"]
    assert row["triggers"] == ["grade_worsened"]
    assert row["hold_because"] is None
    assert codes(row)
    assert "external_debt" not in codes(row)
    assert (row["effective_on"], row["expected_on"]) == (date(2026, 11, 22), date(2026, 11, 22))


def test_a_line_on_which_nothing_is_proposed_is_stopped_too_and_has_no_reason_but_the_letters() -> None:
    row = cases["suspected"]
    assert (row["action"], row["route"], row["review_block"]) == ("freeze", "referred", "activity")
    assert (row["triggers"], row["reasons"]) == (["fraud_suspected"], [])


def test_of_several_triggers_the_first_in_the_order_of_the_page_gives_the_reason() -> None:
    assert cases["both"]["triggers"] == ["grade_worsened", "fraud_suspected"]
    assert cases["both"]["review_block"] == "external_debt"


@pytest.mark.parametrize(
    ("name", "action", "route"),
    [
        ("blocked by the source", "hold", "automatic"),
        ("in default", "freeze", "automatic"),
        ("committed", "decrease", "referred"),
        ("not due", "hold", "automatic"),
        ("complained", "decrease", "referred"),
    ],
)
def test_whoever_is_blocked_or_committed_or_not_referred_for_it_is_not_stopped_meanwhile(
    name: str, action: str, route: str
) -> None:
    row = cases[name]
    assert (row["action"], row["route"], row["review_block"]) == (action, route, None)


@pytest.mark.parametrize("name", ["stands", "stands, not shown yet"])
def test_while_the_case_is_open_no_night_lifts_the_block_or_tells_it_again(name: str) -> None:
    row = cases[name]
    assert (row["action"], row["hold_because"], row["review_block"]) == ("hold", "not_due", "external_debt")
    assert (row["own_block"], row["drawdown_blocked"], row["effective_on"]) == (True, True, None)


def test_a_line_that_is_stopped_is_walked_like_any_and_joins_its_case() -> None:
    row = cases["stands and is due"]
    assert (row["action"], row["triggers"]) == ("decrease", ["case_open", "grade_worsened"])
    assert (row["review_block"], row["committed_limit_cents"]) == ("external_debt", row["limit_cents"])


def test_a_block_that_another_hand_lifted_is_ours_no_longer_and_stands_anew_where_it_is_asked_for_again() -> (
    None
):
    row = cases["lifted by others"]
    assert (row["block_lifted"], row["own_block"], row["review_block"]) == (True, False, None)
    row = cases["lifted by others and due"]
    assert (row["block_lifted"], row["action"], row["review_block"]) == (True, "freeze", "external_debt")


@pytest.mark.parametrize("name", ["ended", "ended and is due"])
def test_once_no_case_is_open_the_walk_lifts_it(name: str) -> None:
    row = cases[name]
    assert (row["action"], row["route"], row["triggers"]) == ("unfreeze", "automatic", [])
    assert (row["own_block"], row["review_block"], row["drawdown_blocked"]) == (False, None, False)


def test_it_stays_for_another_cause_and_while_the_data_cannot_be_believed() -> None:
    for name, why in (("ended, in default", "default_90_dpd"), ("ended, in quarantine", "quarantined")):
        row = cases[name]
        assert (row["action"], row["hold_because"]) == ("hold", why)
        assert (row["own_block"], row["review_block"]) == (True, None)
    row = cases["has died since"]
    assert (row["action"], row["hold_because"], row["review_block"]) == ("hold", "deceased", "external_debt")


def test_the_page_says_the_same_of_every_one_of_these_lines() -> None:
    assert_agree(cases.lender)


def test_it_begins_stands_and_ends_over_three_nights_with_the_case() -> None:
    def night(day: int, past: list[dict[str, Any]], *, blocked: bool, case: bool) -> dict[str, Any]:
        lender = SmallLender(
            as_of=date(2026, 11, day), previous_as_of=date(2026, 11, day - 1), documents=DOCUMENTS
        )
        lender.borrower(fraud_flag="suspected")
        lender.line(drawdown_blocked=blocked)
        lender.past = past
        lender.open_cases = [{"borrower_id": "b1", "case_id": "c1"}] if case else []
        return lender.decide()["f1"]

    first = night(21, [], blocked=False, case=False)
    second = night(22, [carried(first)], blocked=False, case=True)
    third = night(23, [carried(second)], blocked=True, case=True)
    fourth = night(24, [carried(third)], blocked=True, case=False)
    nights = [first, second, third, fourth]
    assert [row["action"] for row in nights] == ["freeze", "hold", "hold", "unfreeze"]
    assert [row["review_block"] for row in nights] == ["activity", "activity", "activity", None]
    assert [row["expected_on"] for row in nights] == [date(2026, 11, 22), date(2026, 11, 22), None, None]


def test_the_shipped_policy_lets_nothing_stand_meanwhile() -> None:
    assert {trigger.meanwhile for trigger in load_documents(AS_OF).policy.trigger} == {None}


def test_a_reason_is_the_scores_or_one_of_few_and_neither_the_gates_nor_a_reviewers() -> None:
    assert REASONS.keys() >= MEANWHILE
    assert not MEANWHILE & REVIEWED.keys()
    of_gate = {"deceased", "first_party_fraud", "fraud_victim_block", "default_90_dpd", "identity_unverified"}
    assert not MEANWHILE & {*of_gate, *(code for code in GROUNDS if code.startswith("treatment_"))}


@pytest.mark.parametrize(
    ("says", "key", "fault"),
    [
        ('meanwhile = "no_new_drawdown"', "", "trigger fraud_suspected: meanwhile needs the reason"),
        ('reason = "activity"', "", "trigger fraud_suspected: a reason is for what stands meanwhile"),
        ('meanwhile = "no_new_drawdown"\nreason = "first_party_fraud"', ".reason", "'first_party_fraud'"),
        ('meanwhile = "no_new_drawdown"\nreason = "fraud_victim_block"', ".reason", "'fraud_victim_block'"),
        ('meanwhile = "no_new_drawdown"\nreason = "conduct_confirmed"', ".reason", "'conduct_confirmed'"),
        ('meanwhile = "no_new_drawdown"\nreason = "not_due"', ".reason", "'not_due'"),
        ('meanwhile = "nothing"\nreason = "activity"', ".meanwhile", "no_new_drawdown"),
    ],
)
def test_a_policy_that_says_it_by_halves_or_with_a_reason_that_may_not_be_told_is_refused(
    tmp_path: Path, says: str, key: str, fault: str
) -> None:
    with pytest.raises(DocumentRefused) as refused:
        load_documents(AS_OF, policy=written(tmp_path, says))
    (told,) = refused.value.faults
    assert f"policy.toml: trigger[9]{key}: " in told
    assert fault in told


def test_a_policy_that_says_it_whole_is_read(tmp_path: Path) -> None:
    read = load_documents(
        AS_OF, policy=written(tmp_path, 'meanwhile = "no_new_drawdown"\nreason = "activity"')
    )
    assert said_of(read.policy, "fraud_suspected").reason == "activity"
    rows = [row for row in read.policy.tables()["pol_trigger"] if row["code"] == "fraud_suspected"]
    assert {row["reason"] for row in rows} == {"activity"}
    assert {row["reason"] for row in read.policy.tables()["pol_trigger"]} == {"activity", None}


def said_of(policy: Policy, code: str) -> Trigger:
    return next(trigger for trigger in policy.trigger if trigger.code == code)


def written(folder: Path, says: str) -> Path:
    """The shipped policy, with this said of the trigger fraud_suspected."""
    code = 'code = "fraud_suspected"\n'
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count(code) == 1
    path = folder / "policy.toml"
    path.write_text(text.replace(code, f"{code}{says}\n"), encoding="utf-8")
    return path
