"""Step 9: never under what is owed, and nothing too small to matter."""

from __future__ import annotations

from tests.decisions.cases import Cases, documents_with

cases = Cases(
    documents=documents_with(
        "consumer_established",
        "affordability",
        income_share_bp=5_000,
        minimum_payment_bp=500,
        essential_share_bp=3_500,
        buffer_cents=50_000,
    )
)
cases.case("over its limit", pd_bp=9000, drawn_cents=1_200_000)
cases.case("over its limit and late", pd_bp=9000, drawn_cents=1_200_000, days_past_due=40)
cases.case("pending", drawn_cents=700_000, pending_cents=100_000, pd_bp=9000, days_past_due=5)
cases.case("small rise", borrower={"net_monthly_income_cents": 1_006_000})
cases.case("rise just large enough", borrower={"net_monthly_income_cents": 1_010_000})
RICH = {"net_monthly_income_cents": 90_000_000}
cases.case("small cut by law", borrower=RICH, credit_limit_cents=20_000_100, drawn_cents=0, pd_bp=700)


def test_a_line_over_its_limit_is_neither_cut_nor_raised() -> None:
    assert cases["over its limit"]["hold_because"] == "floor_owed"
    late = cases["over its limit and late"]
    assert (late["floor_row"], late["floor_value"], late["proposed_limit_cents"]) == (
        "owed",
        1_200_000,
        1_000_000,
    )


def test_what_is_pending_is_owed() -> None:
    row = cases["pending"]
    assert (row["owed_cents"], row["floor_row"], row["proposed_limit_cents"]) == (800_000, "owed", 800_000)


def test_a_move_inside_the_dead_band_is_left_undone() -> None:
    row = cases["small rise"]
    assert (row["after_floor_cents"], row["proposed_limit_cents"]) == (1_010_000, 1_000_000)
    assert row["hold_because"] == "dead_band"
    assert cases["rise just large enough"]["proposed_limit_cents"] == 1_030_000


def test_the_dead_band_does_not_stop_the_law() -> None:
    row = cases["small cut by law"]
    assert (row["action"], row["committed_limit_cents"]) == ("decrease", 20_000_000)
