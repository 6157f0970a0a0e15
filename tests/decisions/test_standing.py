"""What stands beside a limit: offers, blocks, what the borrower asked for, what has not arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from linewatch.documents import load_documents
from tests.decisions.cases import LAST_NIGHT, Cases, past_of
from tests.decisions.small_lender import AS_OF

OFFERED = {"offered_on": LAST_NIGHT, "offered_limit_cents": 1_050_000, "offer_until": date(2026, 12, 1)}
UNASKED = {"limit_increase": None}
REVIEWED = {"reviewed_on": date(2026, 11, 5)}
cases = Cases()


def offered(name: str, past: dict[str, Any] | None = None, **facts: Any) -> None:
    """A line of the borrower `name` to which we have offered 10,500."""
    cases.case(name, borrower=UNASKED, past={**OFFERED, **(past or {})}, **facts)


def answer(name: str, amount_cents: int) -> None:
    cases.lender.add(
        "consent",
        borrower_id=name,
        facility_id=name,
        kind="limit_increase",
        granted_on=date(2026, 11, 1),
        amount_cents=amount_cents,
    )


offered("waits")
offered("ran out", {"offer_until": date(2026, 11, 20), "offered_on": date(2026, 4, 1)})
offered("says yes")
answer("says yes", 1_050_000)
offered("says a little")
answer("says a little", 1_044_999)
offered("took it up", {"offered_on": None, "offer_until": None})
answer("took it up", 1_000_000)
offered("others moved it", {"committed_limit_cents": 900_000, "source_limit_cents": 900_000})

ASKED = {"last_change_by": "borrower", "last_limit_change_on": date(2026, 2, 1)}
cases.case("asked for less", **ASKED)
cases.case("asked, then agreed to more", **ASKED)
cases.lender.add(
    "consent", borrower_id="asked, then agreed to more", kind="limit_increase", granted_on=date(2026, 3, 1)
)
cases.case("asked long ago", past={"customer_limit_cents": 1_040_000, "customer_limit_on": date(2025, 1, 1)})
cases.case("over its limit", drawn_cents=1_000_001, months={"closing_balance_cents": 500_000})
TEMPORARY = {"temporary_limit_cents": 1_200_000}
cases.case("over, for a time", drawn_cents=1_100_000, temporary_until=AS_OF, **TEMPORARY)
cases.case("time is up", past=REVIEWED, temporary_until=date(2026, 11, 20), **TEMPORARY)

BLOCKED = {"own_block": True, "block_shown": True}
cases.case("lifted, cause stands", past=BLOCKED, borrower={"fraud_flag": "victim"}, drawdown_blocked=False)
cases.case("lifted, cause gone", past=BLOCKED, drawdown_blocked=False)
cases.case("never shown", past={"own_block": True}, borrower={"fraud_flag": "victim"}, drawdown_blocked=False)
cases.case("nobody shows", past=BLOCKED, borrower={"fraud_flag": "victim"})
cases.case("matured", matures_on=date(2026, 11, 20))
cases.case("last day", matures_on=AS_OF)
cases.case("does not revolve", revolving=False)
cases.case("schedule", past=REVIEWED, revolving=False, scheduled_limit_cents=900_000)
FLYING = {"committed_limit_cents": 900_000}
cases.case("on its way", past={**FLYING, "expected_on": date(2026, 11, 16)})
cases.case("lost on its way", past={**FLYING, "expected_on": date(2026, 11, 15)})


def test_no_second_offer_is_made_while_one_stands() -> None:
    row = cases["waits"]
    assert (row["action"], row["hold_because"]) == ("hold", "offer_open")
    assert (row["offered_limit_cents"], row["offer_until"]) == (1_050_000, date(2026, 12, 1))


def test_an_offer_that_ran_out_is_history_and_may_be_made_again() -> None:
    row = cases["ran out"]
    assert (row["action"], row["offer_until"]) == ("offer", date(2026, 12, 21))


def test_an_offer_taken_up_is_decided_again_up_to_the_amount() -> None:
    row = cases["says yes"]
    assert (row["action"], row["committed_limit_cents"], row["offer_until"]) == ("increase", 1_050_000, None)
    row = cases["says a little"]
    assert (row["relationship_row"], row["relationship_value"]) == ("consented_amount", 1_044_999)
    assert (row["action"], row["committed_limit_cents"]) == ("increase", 1_040_000)


def test_a_consent_that_was_used_up_agrees_to_nothing_more() -> None:
    assert cases["took it up"]["action"] == "offer"


def test_somebody_elses_change_ends_an_offer() -> None:
    assert cases["others moved it"]["offer_until"] is None


def test_an_offer_keeps_its_room_from_other_lines_of_the_borrower() -> None:
    free = Cases()
    free.case("rises", credit_limit_cents=12_000_000, drawn_cents=6_000_000, borrower={"jurisdiction": "TW"})
    free.lender.line("sibling", "rises", credit_limit_cents=16_000_000, drawn_cents=0)
    free.lender.rows["facility"][-1]["last_reviewed_on"] = AS_OF
    free.lender.rows["borrower"][-1]["net_monthly_income_cents"] = 90_000_000
    assert free["rises"]["action"] == "increase"
    kept = Cases()
    kept.lender.rows, kept.lender.scores = free.lender.rows, free.lender.scores
    sibling = free.lender.rows["facility"][-1]
    standing = {**OFFERED, "offered_limit_cents": 17_500_000}
    kept.lender.past.append(past_of(sibling, **standing))
    assert (kept["rises"]["action"], kept["rises"]["hold_because"]) == ("hold", "exposure")
    assert kept["rises"]["exposure_row"] == "one-consumer-cny"


def test_a_decrease_that_the_borrower_asked_for_is_never_undone() -> None:
    assert cases["asked for less"]["hold_because"] == "customer_decrease"
    row = cases["asked long ago"]
    assert (row["relationship_row"], row["committed_limit_cents"]) == ("customer_decrease", 1_040_000)
    row = cases["asked, then agreed to more"]
    assert (row["action"], row["customer_limit_cents"]) == ("increase", None)


def test_an_over_limit_line_is_never_raised() -> None:
    assert cases["over its limit"]["hold_because"] == "over_limit"
    assert cases["over, for a time"]["hold_because"] != "over_limit"


def test_a_temporary_limit_stands_beside_the_line_and_its_end_is_a_review() -> None:
    row = cases["over, for a time"]
    assert (row["limit_cents"], row["temporary_cents"]) == (1_000_000, 200_000)
    row = cases["time is up"]
    assert (row["due_because"], row["temporary_cents"]) == ("temporary_limit_ended", 0)


def test_a_block_of_ours_that_others_lift_is_renewed_while_its_cause_holds() -> None:
    row = cases["lifted, cause stands"]
    assert (row["block_lifted"], row["action"], row["own_block"]) == (True, "freeze", True)
    row = cases["lifted, cause gone"]
    assert (row["block_lifted"], row["own_block"], row["drawdown_blocked"]) == (True, False, False)
    for name in ("never shown", "nobody shows"):
        assert (cases[name]["block_lifted"], cases[name]["action"]) == (False, "hold")


def test_nothing_is_drawn_after_the_last_day_of_a_line() -> None:
    row = cases["matured"]
    assert (row["action"], row["reasons"][0]["code"]) == ("freeze", "matured")
    assert cases["last day"]["hold_because"] == "fixed_schedule"


def test_a_line_that_does_not_revolve_is_not_raised_and_follows_its_schedule_on_the_day() -> None:
    assert cases["does not revolve"]["hold_because"] == "fixed_schedule"
    row = cases["schedule"]
    assert (row["due_because"], row["committed_limit_cents"]) == ("schedule_step", 900_000)


def test_a_change_that_does_not_arrive_within_a_week_is_seen_by_a_person() -> None:
    assert (cases["on its way"]["hold_because"], cases["on its way"]["triggers"]) == ("in_flight", [])
    assert cases["lost on its way"]["triggers"] == ["publication_overdue"]
    assert cases["lost on its way"]["expected_on"] == date(2026, 11, 15)


def test_a_document_marked_immediate_reviews_every_line_on_its_first_night() -> None:
    documents = load_documents(AS_OF)
    policy = documents.policy.model_copy(update={"immediate": True, "effective_from": date(2026, 11, 1)})
    now = Cases(documents=replace(documents, policy=policy))
    now.case("waits for its statement", past=REVIEWED)
    now.case("was looked at since", past={**REVIEWED, "looked_at_on": date(2026, 11, 2)})
    assert now["waits for its statement"]["due_because"] == "document_immediate"
    assert now["was looked at since"]["hold_because"] == "not_due"


def test_every_hold_says_when_the_line_is_looked_at_next() -> None:
    cases["waits"]
    rows = cases._decided.values()
    assert all(row["next_due_on"] > AS_OF for row in rows)
    assert cases["lost on its way"]["next_due_on"] == date(2026, 11, 22)


def test_a_line_that_is_left_out_for_some_nights_comes_back_as_it_was() -> None:
    without = Cases()
    without.case("another")
    line = {"facility_id": "gone", "credit_limit_cents": 1_000_000, "drawn_cents": 0}
    without.lender.past = [
        past_of(line, own_block=True, plan_open=True, next_anchor_limit_cents=2_000_000),
        past_of({**line, "facility_id": "forgotten"}, decided_on=date(2025, 10, 16)),
        past_of({**line, "facility_id": "another"}),
    ]
    assert without["another"]["action"] == "increase"
    (kept,) = without.lender.absent
    assert (kept["facility_id"], kept["own_block"], kept["next_anchor_limit_cents"]) == (
        "gone",
        True,
        2_000_000,
    )
    back = Cases()
    back.case("gone")
    back.lender.past = [kept]
    assert (back["gone"]["action"], back["gone"]["anchor_limit_cents"]) == ("unfreeze", 2_000_000)
