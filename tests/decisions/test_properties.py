"""What holds of every decision, whatever the lender."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.decisions.small_lender import SmallLender
from tests.oracle.arithmetic import MILLION, up
from tests.oracle.lenders import random_lender
from tests.oracle.twins import clones, row_of, score_of

SEEDS = (11, 12, 13)


@cache
def night(seed: int) -> tuple[SmallLender, dict[str, dict[str, Any]]]:
    lender = random_lender(seed, 500, nights_before=1.0, policy="shipped")
    return lender, lender.decide()


def every_decision() -> list[dict[str, Any]]:
    return [row for seed in SEEDS for row in night(seed)[1].values()]


def rounding_of(row: dict[str, Any]) -> int:
    segments = night(SEEDS[0])[0].documents.policy.segment
    return next(s.stability.rounding_cents for s in segments if s.name == row["segment"])


def test_a_decrease_never_raises_and_a_rise_never_lowers() -> None:
    for row in every_decision():
        if row["action"] == "decrease":
            assert row["committed_limit_cents"] <= row["limit_cents"]
            assert row["proposed_limit_cents"] < row["limit_cents"]
        elif row["action"] in ("increase", "offer"):
            assert row["proposed_limit_cents"] > row["limit_cents"]
            assert row["committed_limit_cents"] >= row["limit_cents"]
        else:
            assert row["committed_limit_cents"] == row["limit_cents"]


def test_no_limit_falls_under_what_is_owed_unless_it_stood_there() -> None:
    for row in every_decision():
        floor = min(row["limit_cents"], row["owed_cents"])
        assert row["proposed_limit_cents"] >= floor
        assert row["committed_limit_cents"] >= floor


def test_a_line_that_is_stopped_keeps_its_limit_save_for_hard_caps_and_schedules() -> None:
    stops = {"quarantined", "in_flight", "frozen", "treatment", "not_due", "unscored"}
    for row in every_decision():
        if row["gate_row"] in stops and row["strategy_value"] is None:
            assert row["after_stability_cents"] == row["limit_cents"]
            assert row["proposed_limit_cents"] <= row["limit_cents"]
            assert set(row["binding_steps"]) <= {"exposure", "regulation", "floor"}


def test_what_stability_leaves_is_round_or_the_limit_that_stood() -> None:
    for row in every_decision():
        if row["after_stability_cents"] not in (row["limit_cents"], row["after_gate_cents"]):
            assert row["after_stability_cents"] % rounding_of(row) == 0


def test_a_referred_line_keeps_its_limit_but_for_what_the_law_takes() -> None:
    for row in every_decision():
        if row["route"] == "referred":
            assert row["triggers"]
            law = row["law_limit_cents"] if row["action"] == "decrease" else None
            assert row["committed_limit_cents"] == (row["limit_cents"] if law is None else law)
        else:
            assert not row["triggers"]


def test_an_offer_changes_nothing_until_it_is_taken() -> None:
    offers = [row for row in every_decision() if row["action"] == "offer"]
    assert offers
    assert all(row["committed_limit_cents"] == row["limit_cents"] for row in offers)


def test_a_line_in_quarantine_is_held() -> None:
    held = [row for row in every_decision() if row["quarantined"]]
    assert held
    for row in held:
        assert (row["action"], row["proposed_limit_cents"]) == ("hold", row["limit_cents"])


def test_every_automatic_fall_or_block_has_a_reason_and_nothing_else_has() -> None:
    for row in every_decision():
        if row["action"] not in ("decrease", "freeze"):
            assert row["reasons"] == []
        elif row["route"] == "automatic":
            assert row["reasons"]
        elif not row["reasons"]:
            assert "no_reason" in row["triggers"]


def test_caps_hold_in_total_wherever_there_was_headroom_to_cut() -> None:
    for seed in SEEDS:
        lender, decisions = night(seed)
        for cap in lender.caps_used:
            for lines in _under(cap, decisions):
                rates = _rates(lender)
                total = sum(
                    up(
                        (row["after_regulation_cents"] + row["temporary_cents"]) * rates[row["currency"]],
                        MILLION,
                    )
                    for row in lines
                )
                if total > cap["cap_cents"]:
                    assert all(_cannot_be_cut(lender, row) for row in lines), cap["cap_row"]


def test_no_limit_in_force_is_above_what_the_law_leaves_it() -> None:
    lowered = [row for row in every_decision() if row["law_limit_cents"] is not None]
    assert lowered
    for row in lowered:
        assert row["proposed_limit_cents"] <= row["law_limit_cents"] < row["limit_cents"]
        if row["action"] == "decrease":
            assert row["committed_limit_cents"] <= row["law_limit_cents"]
        else:
            assert row["action"] in ("freeze", "unfreeze")


def test_a_rise_is_under_every_cap_and_a_soft_cap_gives_way_only_to_the_limit_that_stood() -> None:
    for row in every_decision():
        steps = ("relationship", "affordability", "expected_loss", "stability", "exposure", "regulation")
        least = min(row[f"after_{step}_cents"] for step in steps)
        assert row["proposed_limit_cents"] <= max(least, row["limit_cents"])
        for hard in ("exposure", "regulation"):
            if (
                row["proposed_limit_cents"] > row[f"after_{hard}_cents"]
                and row["gate_row"] != "fixed_schedule"
            ):
                assert row["floor_row"] == "owed" or row["proposed_limit_cents"] <= row["limit_cents"]


def test_a_line_over_its_limit_is_never_raised() -> None:
    over = [
        row for row in every_decision() if row["owed_cents"] > row["limit_cents"] + row["temporary_cents"]
    ]
    assert over
    assert all(row["proposed_limit_cents"] <= row["limit_cents"] for row in over)


def test_no_reason_stands_without_points_or_cents_behind_it() -> None:
    for row in every_decision():
        for reason in row["reasons"]:
            assert row["action"] == "freeze" or (reason["points"] or 0) > 0 or reason["cents"] > 0


def test_no_second_offer_is_made_while_one_stands_and_what_is_offered_is_above_the_limit() -> None:
    for row in every_decision():
        if row["hold_because"] == "offer_open":
            assert row["offer_until"] is not None
        if row["offer_until"] is not None:
            assert row["offered_limit_cents"] > row["committed_limit_cents"]


def test_a_rise_passes_no_limit_that_the_borrower_asked_for() -> None:
    for row in every_decision():
        if row["customer_limit_cents"] is not None:
            assert row["proposed_limit_cents"] <= max(row["limit_cents"], row["customer_limit_cents"])


def test_every_hold_says_why_and_when_the_line_is_looked_at_next() -> None:
    lender, _ = night(SEEDS[0])
    for row in night(SEEDS[0])[1].values():
        assert (row["hold_because"] is not None) is (row["action"] == "hold")
        assert row["next_due_on"] > lender.as_of


def _under(cap: dict[str, Any], decisions: dict[str, dict[str, Any]]) -> list[list[dict[str, Any]]]:
    sums: dict[str, list[dict[str, Any]]] = {}
    for row in decisions.values():
        if cap["subject"] in (None, row["borrower_type"]):
            sums.setdefault(row["group_id" if cap["scope"] == "group" else "borrower_id"], []).append(row)
    return list(sums.values())


def _rates(lender: SmallLender) -> dict[str, int]:
    newest = sorted(lender.rows["fx_rate"], key=lambda row: row["as_of"])
    return {
        "CNY": MILLION,
        **{row["currency"]: row["rate_ppm"] for row in newest if row["as_of"] <= lender.as_of},
    }


def _cannot_be_cut(lender: SmallLender, row: dict[str, Any], limit: str = "after_regulation_cents") -> bool:
    """Down to what is owed but for a rounded cent of a foreign currency, or not a program's to cut."""
    facility = next(f for f in lender.rows["facility"] if f["facility_id"] == row["facility_id"])
    fixed = row["quarantined"] or row["product"] == "project" or facility["commitment"] == "committed"
    rate = _rates(lender)[row["currency"]]
    left = row[limit] - min(row["limit_cents"], row["owed_cents"])
    return fixed or row[limit] <= row["owed_cents"] or left * rate < 2 * MILLION


@settings(max_examples=5)
@given(shares=st.lists(st.tuples(st.integers(1, 9_000_000), st.integers(0, 100)), min_size=4, max_size=9))
def test_the_cuts_under_a_cap_add_up_to_the_cent(shares: list[tuple[int, int]]) -> None:
    lender = SmallLender()
    lender.borrower(pd_bp=600)
    for number, (limit, drawn) in enumerate(shares):
        lender.line(
            f"f{number}", credit_limit_cents=limit, drawn_cents=limit * drawn // 100, statement_day=25
        )
        lender.rows["facility"][-1]["last_reviewed_on"] = lender.as_of
    rows = list(lender.decide().values())
    owed = sum(row["owed_cents"] for row in rows)
    before = sum(row["limit_cents"] for row in rows)
    assert sum(row["after_regulation_cents"] for row in rows) == min(before, max(owed, 20_000_000))


def test_a_worse_pd_never_gives_a_higher_limit() -> None:
    pds = [1, 99, 100, 249, 250, 499, 500, 999, 1000, 1999, 2000, 4000, 9000]
    lender, families = clones(21, 60, [lambda lender, name, pd=pd: _rescore(lender, name, pd) for pd in pds])
    decisions = lender.decide()
    assert len(families) > 15
    for names in families:
        proposed = [decisions[name]["proposed_limit_cents"] for name in names if name in decisions]
        assert proposed == sorted(proposed, reverse=True), names


def _rescore(lender: SmallLender, name: str, pd_bp: int) -> None:
    score_of(lender, name).update(pd_bp=pd_bp, score=60_000 - pd_bp)


def test_more_income_never_lowers_a_limit() -> None:
    incomes = [0, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 50_000_000]
    changes = [
        lambda lender, name, cents=cents: row_of(lender, name).update(net_monthly_income_cents=cents)
        for cents in incomes
    ]
    lender, families = clones(22, 80, changes)
    decisions = lender.decide()
    for names in families:
        proposed = [decisions[name]["proposed_limit_cents"] for name in names if name in decisions]
        assert proposed == sorted(proposed), names


UNKNOWNS = {
    "as it is": lambda lender, name: None,
    "income": lambda lender, name: row_of(lender, name).update(net_monthly_income_cents=None),
    "identity": lambda lender, name: row_of(lender, name).update(identity_verified_on=None),
    "bureau": lambda lender, name: _drop(lender, "bureau_report", name),
    "score": lambda lender, name: score_of(lender, name).update(pd_bp=None, score=None),
    "onboarding": lambda lender, name: row_of(lender, name).update(onboarded_on=None),
    "spending": lambda lender, name: _drop(lender, "spending_month", name),
    "statement": lambda lender, name: _drop(lender, "financial_statement", name),
}


def _drop(lender: SmallLender, table: str, name: str) -> None:
    lender.rows[table] = [row for row in lender.rows[table] if row["borrower_id"] != name]


ESTIMATED = ("spending",)
"""The policy takes a share of income where it is not known (`essential_share_bp`), and that may cut."""


@pytest.mark.parametrize(
    "unknown", [name for name in UNKNOWNS if name not in ("as it is", "onboarding", *ESTIMATED)]
)
def test_what_is_unknown_never_cuts_nor_blocks(unknown: str) -> None:
    decisions, families = _with_unknowns()
    at = list(UNKNOWNS).index(unknown)
    for names in families:
        known, without = decisions.get(names[0]), decisions.get(names[at])
        if known and without and known["action"] not in ("decrease", "freeze"):
            assert without["action"] not in ("decrease", "freeze"), (names[at], unknown)


@cache
def _with_unknowns() -> tuple[dict[str, dict[str, Any]], list[list[str]]]:
    lender, families = clones(23, 100, list(UNKNOWNS.values()))
    return lender.decide(), families


def test_deciding_again_in_any_row_order_and_on_any_number_of_threads_gives_the_same() -> None:
    first = random_lender(31, 300)
    decisions = first.decide()
    again = random_lender(31, 300)
    again.threads = 1
    for rows in (*again.rows.values(), again.scores, again.past, again.changes, again.quarantined):
        Random(7).shuffle(rows)
    assert again.decide() == decisions
