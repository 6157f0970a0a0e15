"""Step 5: what a borrower may cost, and what a rise must earn."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.decisions.cases import Cases

RICH = {"net_monthly_income_cents": 10_000_000}
LARGE: dict[str, Any] = {"credit_limit_cents": 20_000_000, "drawn_cents": 8_000_000}
FIRED = {"standing_grade": "E", "fired_target_bp": 8_500}
COVER = {"guarantee_id": "g", "covered_share_bp": 10_000, "valid_from": date(2026, 1, 1)}
cases = Cases()
cases.case("earns little", annual_rate_bp=714)
cases.case("earns enough", annual_rate_bp=715)
cases.case("rate unknown", annual_rate_bp=None)


def costly(name: str, **cover: Any) -> None:
    rows = {"guarantee": {**COVER, "facility_id": name, **cover}} if cover else {}
    cases.case(name, pd_bp=1999, borrower=RICH, past=FIRED, rows=rows, **LARGE)


costly("costly")
costly("insured", kind="insurance")
costly("insured until yesterday", kind="insurance", valid_until=date(2026, 11, 20))
costly("insured from tomorrow", kind="insurance", valid_from=date(2026, 11, 22))
costly("insurance cancelled", kind="insurance", status="expired")
cases.case("drawn too costly", pd_bp=1999, borrower=RICH, past=FIRED, **{**LARGE, "drawn_cents": 19_000_000})


def test_a_rise_must_earn_its_funding_capital_and_loss() -> None:
    assert cases["earns little"]["hold_because"] == "hurdle"
    assert cases["earns enough"]["action"] == "increase"
    assert cases["rate unknown"]["hold_because"] == "hurdle"


def test_what_is_undrawn_shrinks_until_the_borrower_costs_no_more_than_the_appetite() -> None:
    row = cases["costly"]
    assert (row["expected_loss_row"], row["expected_loss_value"]) == ("appetite", 1_500_000)
    assert 8_000_000 < row["after_expected_loss_cents"] < 20_000_000
    assert (row["action"], row["proposed_limit_cents"]) == ("decrease", 15_000_000)


def test_a_guarantee_in_force_lowers_the_loss_and_keeps_the_limit() -> None:
    assert (cases["insured"]["expected_loss_row"], cases["insured"]["action"]) == (None, "hold")


def test_a_cover_that_ended_has_not_begun_or_is_cancelled_changes_nothing() -> None:
    limit = cases["costly"]["after_expected_loss_cents"]
    for name in ("insured until yesterday", "insured from tomorrow", "insurance cancelled"):
        assert cases[name]["after_expected_loss_cents"] == limit


def test_where_the_drawn_part_alone_costs_too_much_no_limit_mends_it_and_a_person_looks() -> None:
    row = cases["drawn too costly"]
    assert row["triggers"] == ["expected_loss_exceeded"]
    assert row["after_expected_loss_cents"] == row["drawn_cents"]
    assert row["committed_limit_cents"] == row["limit_cents"]


def test_a_score_reason_stands_behind_a_cut_for_cost() -> None:
    assert cases["costly"]["reasons"][0]["code"] == "late_payments"
