"""Steps 7 and 8: the most that one borrower or group may be granted, by policy and by law."""

from __future__ import annotations

from typing import Any

from tests.decisions.cases import AS_OF, ENTERPRISE, Cases
from tests.oracle.arithmetic import MILLION, up

NOT_DUE: dict[str, Any] = {"last_reviewed_on": AS_OF, "statement_day": 25}
TAIWAN = {"jurisdiction": "TW", "net_monthly_income_cents": 90_000_000}
CHINA = {"net_monthly_income_cents": 90_000_000}
cases = Cases()


def lines(name: str, borrower: dict[str, Any], *limits: int, pd_bp: int = 300, **facts: Any) -> None:
    """Lines `name 0`, `name 1` and so on of one borrower, nothing drawn unless said."""
    cases.lender.borrower(name, pd_bp=pd_bp, **borrower)
    for number, limit in enumerate(limits):
        cases.lender.line(
            f"{name} {number}", name, **{"credit_limit_cents": limit, "drawn_cents": 0, **NOT_DUE, **facts}
        )


lines("over", TAIWAN, 10_000_100, 10_000_000, 10_000_000)
lines("tie", TAIWAN, 10_000_000, 10_000_000)
cases.lender.line(
    "tie committed", "tie", credit_limit_cents=10_000_001, drawn_cents=0, commitment="committed", **NOT_DUE
)
lines("rising", TAIWAN, 15_000_000, 15_000_000, pd_bp=50, drawn_cents=6_000_000, last_reviewed_on=None)
lines("drawn", TAIWAN, 20_000_000, 20_000_000, drawn_cents=20_000_000, last_reviewed_on=None)
lines("by law", CHINA, 25_000_000)
lines("by law of Taiwan", TAIWAN, 25_000_000)
lines("objects", CHINA, 25_000_000)
cases.lender.add("consent", borrower_id="objects", kind="automation_objection")
cases.lender.open_cases.append({"borrower_id": "objects", "case_id": "c"})
lines("law and drawn", CHINA, 25_000_000, drawn_cents=24_000_000)
lines("law and worst grade", CHINA, 25_000_000, pd_bp=9000, drawn_cents=1_000_000, last_reviewed_on=None)
lines("law and objection", CHINA, 25_000_000, pd_bp=9000, drawn_cents=1_000_000, last_reviewed_on=None)
cases.lender.add("consent", borrower_id="law and objection", kind="automation_objection")
lines("two currencies", CHINA, 15_000_000)
cases.lender.line(
    "two currencies 1", "two currencies", credit_limit_cents=1_000_003, drawn_cents=0, **NOT_DUE
)
cases.lender.rows["facility"][-1]["currency"] = "USD"
cases.lender.add("fx_rate", currency="USD", rate_ppm=7_183_333)
lines("aside", TAIWAN, 20_000_000, 20_000_000)
lines("will be aside", TAIWAN, 31_000_000)
cases.lender.quarantined.append("will be aside")
for firm in ("first firm", "second firm"):
    lines(firm, {**ENTERPRISE, "jurisdiction": "TW"}, 3_000_000_000, product="working_capital")
    cases.lender.rows["facility"][-1]["last_reviewed_on"] = AS_OF
cases.lender.add("control_link", borrower_id="holding", related_borrower_id="first firm")
cases.lender.add("control_link", borrower_id="holding", related_borrower_id="second firm")


def limits(name: str, *numbers: Any) -> list[int]:
    return [cases[f"{name} {number}"]["proposed_limit_cents"] for number in numbers]


def test_what_exceeds_a_cap_is_cut_from_headroom_and_the_odd_cent_from_the_largest_remainder() -> None:
    assert limits("over", 0, 1, 2) == [10_000_066, 9_999_967, 9_999_967]
    assert sum(limits("over", 0, 1, 2)) == 30_000_000


def test_a_tie_takes_the_first_line_and_a_commitment_gives_nothing() -> None:
    assert limits("tie", 0, 1, "committed") == [9_999_999, 10_000_000, 10_000_001]


def test_rises_are_refused_before_anything_is_cut() -> None:
    for number in (0, 1):
        row = cases[f"rising {number}"]
        assert (row["after_stability_cents"], row["hold_because"]) == (18_750_000, "exposure")


def test_what_is_drawn_cannot_be_cut_and_is_a_breach_that_a_person_sees() -> None:
    row = cases["drawn 0"]
    assert row["proposed_limit_cents"] == 20_000_000
    assert "exposure_breach" in row["triggers"]


def test_the_law_of_the_borrowers_country_cuts_at_once_and_its_record_is_named() -> None:
    row = cases["by law 0"]
    assert (row["regulation_row"], row["regulation_value"]) == ("cn-microlender-consumer-200k", 20_000_000)
    assert (row["action"], row["committed_limit_cents"]) == ("decrease", 20_000_000)
    assert [reason["code"] for reason in row["reasons"]] == ["regulation_cap"]
    assert cases["by law of Taiwan 0"]["action"] == "hold"


def test_law_waits_neither_for_an_objection_nor_for_an_open_case() -> None:
    row = cases["objects 0"]
    assert (row["route"], row["committed_limit_cents"]) == ("automatic", 20_000_000)


def test_law_does_not_wait_where_another_step_would_take_the_line_further_down() -> None:
    row = cases["law and worst grade 0"]
    assert (row["route"], row["committed_limit_cents"]) == ("automatic", 18_750_000)
    assert "regulation_cap" in [reason["code"] for reason in row["reasons"]]


def test_law_takes_its_share_at_once_and_a_person_looks_at_ours() -> None:
    row = cases["law and objection 0"]
    assert (row["route"], row["triggers"]) == ("referred", ["automation_objection"])
    assert (row["proposed_limit_cents"], row["committed_limit_cents"]) == (18_750_000, 20_000_000)
    assert (row["law_limit_cents"], row["last_decrease_on"]) == (20_000_000, AS_OF)
    assert row["fired_target_bp"] is None


def test_law_takes_nothing_that_is_drawn() -> None:
    assert limits("law and drawn", 0) == [24_000_000]


def test_two_currencies_add_up_under_one_cap() -> None:
    yuan, dollars = limits("two currencies", 0, 1)
    total = yuan + up(dollars * 7_183_333, MILLION)
    assert 20_000_000 - 8 < total <= 20_000_000


def test_a_quarantined_line_is_never_cut() -> None:
    row = cases["will be aside 0"]
    assert (row["action"], row["proposed_limit_cents"]) == ("hold", 31_000_000)


def test_firms_under_one_hand_share_a_cap() -> None:
    for firm in ("first firm", "second firm"):
        row = cases[f"{firm} 0"]
        assert row["group_id"] == "first firm"
        assert (row["exposure_row"], row["after_exposure_cents"]) == ("one-group-cny", 2_500_000_000)
        assert [reason["code"] for reason in row["reasons"]] == ["group_exposure"]
