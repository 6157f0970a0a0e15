"""A lender to whom nothing happens for ninety nights, and one whose borrowers only pay down."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise, product
from typing import Any

from tests.decisions.cases import ENTERPRISE, STATEMENT, carried
from tests.decisions.small_lender import SmallLender

FIRST = date(2026, 9, 1)
NIGHTS = [FIRST + timedelta(days=days) for days in (0, 4, 34, 66, 90)]
"""Before, on and after days of statements, over ninety: on more nights nothing more is due."""
PDS = (50, 300, 700, 1500, 3000, 9000)
USED = (0, 20, 50, 85, 94)
SINCE = {"long known": date(2020, 1, 1), "known for two years": date(2024, 3, 1)}
PAYS = "and pays down"
LIMIT, WORKING_LIMIT = 2_000_000, 50_000_000
Row = dict[str, Any]


def lender_of(number: int, shown: dict[str, Row]) -> SmallLender:
    """Every PD at every use of the line, known for long and less long, once as it was and once paying down.

    What was decided is in the books by the next night.
    """
    lender = SmallLender(as_of=NIGHTS[number], previous_as_of=NIGHTS[max(0, number - 1)])
    _others(lender, shown)
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


def _others(lender: SmallLender, shown: dict[str, Row]) -> None:
    """Who brings the other steps into play: firms, security, lateness that stays, several lines, a cap."""

    def line(name: str, borrower: str, limit: int, **facts: Any) -> None:
        """It shows what was decided, and is used as it always was."""
        now = shown[name]["committed_limit_cents"] if shown else limit
        lender.line(name, borrower, credit_limit_cents=now, months={"limit_cents": limit}, **facts)

    for pd_bp, share in product(PDS, USED):
        told = f"{pd_bp} bp, {share} % used"
        firm, drawn = f"firm, {told}", WORKING_LIMIT * share // 100
        lender.borrower(firm, pd_bp=pd_bp, **ENTERPRISE)
        line(firm, firm, WORKING_LIMIT, product="working_capital", drawn_cents=drawn, annual_rate_bp=1200)
        lender.add("financial_statement", borrower_id=firm, **STATEMENT)
        lender.add("guarantee", facility_id=firm, guarantee_id="g", provider_grade="A")
        lender.rows["guarantee"][-1]["valid_from"] = date(2020, 1, 1)
        late, drawn = f"late, {told}", LIMIT * share // 100
        lender.borrower(late, pd_bp=pd_bp)
        line(late, late, LIMIT, drawn_cents=drawn, days_past_due=15, minimum_due_cents=1)
        many = f"three lines, {told}"
        lender.borrower(many, pd_bp=pd_bp, net_monthly_income_cents=20_000_000)
        for number in range(3):
            line(f"{many}, line {number}", many, 8 * LIMIT, drawn_cents=8 * drawn)
    for row in lender.rows["bureau_report"]:
        row["pulled_on"] = date(2026, 6, 1)


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
    """But where the year's bound or the next annual review is still to come."""
    last = nights()[-1]
    waiting = [name for name, row in last.items() if row["plan_open"]]
    assert all(name.startswith(("firm", "late", "three lines")) for name in waiting), waiting
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
