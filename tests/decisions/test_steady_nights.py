"""A lender to whom nothing happens for ninety nights, and one whose borrowers only pay down."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise, product
from typing import Any

from tests.decisions.cases import carried
from tests.decisions.small_lender import SmallLender

FIRST = date(2026, 9, 1)
NIGHTS = [FIRST + timedelta(days=10 * number) for number in range(10)]
"""Each ten days: on more nights nothing more is due."""
PDS = (50, 300, 700, 1500, 3000, 9000)
USED = (0, 20, 50, 85, 94)
SINCE = {"long known": date(2020, 1, 1), "known for two years": date(2024, 3, 1)}
PAYS = "and pays down"
LIMIT = 2_000_000
Row = dict[str, Any]


def lender_of(number: int, shown: dict[str, Row]) -> SmallLender:
    """Every PD at every use of the line, known for long and less long, once as it was and once paying down.

    What was decided is in the books by the next night.
    """
    lender = SmallLender(as_of=NIGHTS[number], previous_as_of=NIGHTS[max(0, number - 1)])
    for pd_bp, share, (since, day), pays in product(PDS, USED, SINCE.items(), ("", PAYS)):
        name = f"{since}, {pd_bp} bp, {share} % used {pays}".strip()
        left = len(NIGHTS) - number if pays else len(NIGHTS)
        lender.borrower(name, pd_bp=pd_bp, onboarded_on=day)
        lender.rows["bureau_report"][-1]["pulled_on"] = date(2026, 6, 1)
        lender.line(
            name,
            name,
            credit_limit_cents=shown[name]["committed_limit_cents"] if shown else LIMIT,
            drawn_cents=LIMIT * share // 100 * left // len(NIGHTS),
            months={"limit_cents": LIMIT},
        )
    return lender


@cache
def nights() -> list[dict[str, Row]]:
    found: list[dict[str, Row]] = []
    changes: list[Row] = []
    for number, as_of in enumerate(NIGHTS):
        shown = found[-1] if found else {}
        lender = lender_of(number, shown)
        lender.past = [carried(row) for row in shown.values()]
        lender.changes = list(changes)
        found.append(lender.decide())
        changes += [
            {
                "facility_id": name,
                "as_of": as_of,
                "old_limit_cents": row["limit_cents"],
                "new_limit_cents": row["committed_limit_cents"],
            }
            for name, row in found[-1].items()
            if row["committed_limit_cents"] != row["limit_cents"]
        ]
    return found


def of_those(pays: bool) -> list[dict[str, Row]]:
    return [{name: row for name, row in night.items() if name.endswith(PAYS) is pays} for night in nights()]


def test_ninety_nights_without_a_new_fact_change_nothing_but_stages_that_were_dated() -> None:
    found = of_those(pays=False)
    assert {"increase", "decrease", "hold"} <= {row["action"] for row in found[0].values()}
    for before, after in pairwise(found):
        for name, row in after.items():
            if row["action"] != "hold":
                assert row["action"] == "decrease", name
                assert before[name]["plan_open"], name


def test_every_staged_cut_comes_to_its_end_and_the_anchor_follows() -> None:
    last = nights()[-1]
    assert not any(row["plan_open"] for row in last.values())
    worst = last["known for two years, 9000 bp, 0 % used"]
    assert (worst["limit_cents"], worst["anchor_limit_cents"]) == (1_000_000, 1_000_000)


def test_paying_down_never_brings_back_a_cut_that_use_had_stopped() -> None:
    found = of_those(pays=True)
    stopped = [
        name for name, row in found[0].items() if row["fired_target_bp"] is not None and not row["plan_open"]
    ]
    held = [name for name in stopped if found[0][name]["action"] == "hold"]
    assert held
    for rows in found[1:]:
        assert [rows[name]["action"] for name in stopped].count("decrease") == 0


def test_a_line_that_is_paid_down_is_not_cut_on_a_night_on_which_nothing_else_happens() -> None:
    for before, after in pairwise(of_those(pays=True)):
        for name, row in after.items():
            if row["committed_limit_cents"] < row["limit_cents"]:
                assert before[name]["plan_open"], name
