"""What holds of all security: more of it never lowers a limit, and the appetite is kept where it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.decisions.cases import AS_OF, Cases

Row = dict[str, Any]
APPETITE, CCF_BP, LGD_BP, HORIZON_DAYS = 1_500_000, 6_500, 6_500, 365
"""Of the segment consumer_established, and of the policy."""
GRADES = ("A", "B", "C", "D", None)
FROM_WORST = (None, "D", "C", "B", "A")
amounts = st.sampled_from([None, None, 0, 1, 1_000_000, 5_000_000, 20_000_000])
covers = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["guarantor", "insurance", "collateral"]),
        "provider_grade": st.sampled_from(GRADES),
        "covered_share_bp": st.sampled_from([0, 1_000, 2_500, 6_000, 9_000, 10_000]),
        "cap_cents": amounts,
        "value_cents": amounts,
        "valued_on": st.sampled_from([None, date(2023, 1, 1), date(2025, 6, 1), date(2026, 6, 1)]),
        "valid_until": st.sampled_from(
            [None, None, *(AS_OF + timedelta(days=days) for days in (0, 30, 340))]
        ),
    }
)
lines = st.fixed_dictionaries(
    {
        "drawn_pct": st.sampled_from([-5, 0, 40, 70, 90, 101, 105, 110, 120, 150]),
        "undrawn_pct": st.sampled_from([-10, 0, 20, 60, 100, 200]),
        "pending_cents": st.sampled_from([None, 0, 70_001]),
        "annual_rate_bp": st.integers(400, 2_400),
        "covers": st.lists(covers, max_size=3),
    }
)
borrowers = st.fixed_dictionaries(
    {
        "pd_bp": st.integers(150, 3_500),
        "lines": st.one_of(st.lists(lines, min_size=1, max_size=1), st.lists(lines, min_size=2, max_size=2)),
    }
)


def more_share(cover: Row) -> Row:
    return {**cover, "covered_share_bp": (cover["covered_share_bp"] + 10_000) // 2}


def more_cap(cover: Row) -> Row:
    return {**cover, "cap_cents": None if cover["cap_cents"] is None else cover["cap_cents"] * 3 // 2 + 1}


def longer(cover: Row) -> Row:
    end = cover["valid_until"]
    return {**cover, "valid_until": None if end is None else end + timedelta(days=60)}


def better_provider(cover: Row) -> Row:
    at = FROM_WORST.index(cover["provider_grade"])
    return {**cover, "provider_grade": FROM_WORST[min(at + 1, 4)]}


def worth_more(cover: Row) -> Row:
    value = cover["value_cents"]
    return {**cover, "value_cents": 5_000_000 if value is None else value * 2}


def valued_now(cover: Row) -> Row:
    return {**cover, "valued_on": AS_OF}


BETTER: tuple[Callable[[Row], Row], ...] = (
    more_share, more_cap, longer, better_provider, worth_more, valued_now,
)  # fmt: skip


def add(cases: Cases, name: str, borrower: Mapping[str, Any]) -> None:
    """The borrower under this name, each line followed by its number."""
    rich = {"net_monthly_income_cents": 1_000_000_000}
    cases.lender.borrower(name, pd_bp=borrower["pd_bp"], **rich)
    for at, told in enumerate(borrower["lines"]):
        whole = APPETITE * 10**8 // (borrower["pd_bp"] * LGD_BP)
        drawn = whole * told["drawn_pct"] // 100
        limit = max(100_000, drawn + whole * told["undrawn_pct"] // 100)
        cases.lender.line(
            f"{name}-{at}",
            name,
            credit_limit_cents=limit,
            drawn_cents=drawn,
            pending_cents=told["pending_cents"],
            annual_rate_bp=told["annual_rate_bp"],
        )
        for number, cover in enumerate(told["covers"]):
            cases.lender.add(
                "guarantee",
                facility_id=f"{name}-{at}",
                guarantee_id=f"g{number}",
                **{"provider_id": "X", "valid_from": date(2020, 1, 1), **cover},
            )


def with_covers(borrower: Mapping[str, Any], of_first: list[Row]) -> Row:
    """The borrower with other covers on the first line."""
    first, *rest = borrower["lines"]
    return {**borrower, "lines": [{**first, "covers": of_first}, *rest]}


def variants(borrower: Mapping[str, Any], extra: Row) -> list[Row]:
    """The borrower without the first line's last cover, as told, and with more security of each kind."""
    told: list[Row] = borrower["lines"][0]["covers"]
    found = [borrower, with_covers(borrower, [*told, extra])]
    if told:
        found += [with_covers(borrower, [better(told[0]), *told[1:]]) for better in BETTER]
    return [dict(each) for each in found]


@settings(max_examples=2, deadline=None)
@given(st.lists(st.tuples(borrowers, covers), min_size=20, max_size=40))
def test_more_security_never_lowers_the_limit_that_expected_loss_leaves(told: list[tuple[Row, Row]]) -> None:
    cases = Cases()
    families = [variants(borrower, extra) for borrower, extra in told]
    for number, family in enumerate(families):
        for at, borrower in enumerate(family):
            add(cases, f"b{number:03}-{at}", borrower)
    for number, family in enumerate(families):
        left = [cases[f"b{number:03}-{at}-0"]["after_expected_loss_cents"] for at in range(len(family))]
        assert min(left) == left[0], (left, family)


@settings(max_examples=2, deadline=None)
@given(st.lists(borrowers, min_size=30, max_size=50))
def test_the_borrower_costs_no_more_than_the_appetite_unless_what_is_drawn_does(told: list[Row]) -> None:
    cases = Cases()
    for number, borrower in enumerate(told):
        add(cases, f"b{number:03}", borrower)
    for number, borrower in enumerate(told):
        rows = [cases[f"b{number:03}-{at}"] for at in range(len(borrower["lines"]))]
        cost = sum(loss_of(row, row["after_expected_loss_cents"]) for row in rows)
        cents = sum(1 + 2 * len(row["covers"]) for row in rows)
        nothing_undrawn = all(row["after_expected_loss_cents"] <= max(0, row["drawn_cents"]) for row in rows)
        assert cost <= APPETITE + cents or nothing_undrawn, (cost, rows)


def loss_of(row: Row, limit_cents: int) -> int:
    """What the page says the line would cost at this limit, in cents rounded up."""
    ead = row["owed_cents"] - -max(0, limit_cents - max(0, row["drawn_cents"])) * CCF_BP // -10_000 * -1
    left, cost = ead, 0
    for cover in row["covers"]:
        most = ead if cover["most_cents"] is None else cover["most_cents"]
        days = HORIZON_DAYS if cover["days"] is None else cover["days"]
        part = min(min(ead * cover["share_bp"] // 10_000, most) * days // HORIZON_DAYS, left)
        left -= part
        cost += part * cover["loss_rate_e8"]
    return -(-(cost + left * row["own_loss_rate_e8"]) // 10**8)
