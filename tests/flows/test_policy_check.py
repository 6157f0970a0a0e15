"""Documents are checked before they count: every planted fault is found, and the shipped ones have none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.check import answer
from linewatch.documents import SHIPPED
from tests.flows.console import here, linewatch

AS_OF = date(2026, 11, 21)
TEXTS = {
    "policy": SHIPPED / "policies" / "2000-01-01-default.toml",
    "card": SHIPPED / "scorecards" / "2000-01-01-consumer.toml",
    "pack": SHIPPED / "regulations" / "2000-01-01-cn.toml",
    "profile": SHIPPED / "profiles" / "2000-01-01-default.toml",
}
Edit = Callable[[str], str]


def swapped(*pairs: tuple[str, str]) -> Edit:
    """Each text for another, once; both must be there to be swapped."""

    def edit(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    return edit


def within(head: str, old: str, new: str) -> Edit:
    """A text for another, the first after a heading."""

    def edit(text: str) -> str:
        at = text.index(head)
        assert old in text[at:], old
        return text[:at] + text[at:].replace(old, new, 1)

    return edit


def added(row: str) -> Edit:
    return lambda text: f"{text}\n{row}\n"


def checked(place: Path, *documents: tuple[str, Edit], quick: bool = True) -> dict[str, Any]:
    files = []
    for kind, edit in documents:
        files.append(place / f"{kind}.toml")
        files[-1].write_text(edit(TEXTS[kind].read_text(encoding="utf-8")), encoding="utf-8")
    return answer(files, None, AS_OF, quick=quick).content


NEW = '[[segment]]\nname = "consumer_new"'
OLD = '[[segment]]\nname = "consumer_established"'
FIRMS = '[[segment]]\nname = "enterprise"'
RULE = '[[rule]]\nname = "idle"\nwhen = "{}"\nthen = "refer"\nbecause = "None."'
ALWAYS = "drawn_cents > 5 or drawn_cents <= 5 or drawn_cents is null"
ROW = 'segment = "consumer_new"\ngrade = "{}"'
CAP = '[[exposure_cap]]\nid = "idle"\nscope = "borrower"\nsubject = "consumer"\nbecause = "None."\n'
TRIGGER = '[[trigger]]\ncode = "{}"\nsegments = ["{}"]\nvalue = {}\nbecause = "None."\n'
ENDED = "effective_from = 2020-07-17\neffective_to = 2020-07-17"

FAULTS: dict[str, tuple[str, Edit, str]] = {
    "not TOML at all": ("policy", added("what = "), "not TOML"),
    "an unknown key": (
        "policy",
        swapped(("reasons_most = 4", "reason_most = 4")),
        "reason_most: no such key",
    ),
    "a value out of bounds": (
        "policy",
        swapped(("reviews_to_improve = 2", "reviews_to_improve = 0")),
        "hysteresis.reviews_to_improve",
    ),
    "a gap in the matrix": (
        "policy",
        swapped((ROW.format("C"), ROW.format("B"))),
        "no row for consumer_new C",
    ),
    "bands that overlap": ("policy", swapped(("pd_below_bp = 250", "pd_below_bp = 99")), "must rise"),
    "a treatment twice": (
        "policy",
        swapped(('kind = "dispute"', 'kind = "forbearance"')),
        "forbearance stands twice",
    ),
    "utilisation bands that overlap": (
        "policy",
        swapped(("below_bp = 3000", "below_bp = 400")),
        "below_bp must rise",
    ),
    "a scorecard that is not there": (
        "policy",
        swapped(('consumer = "consumer"', 'consumer = "others"')),
        "no scorecard 'others'",
    ),
    "a segment behind one that takes all": (
        "policy",
        within(NEW, "tenure_below_months = 12", "tenure_below_months = 0"),
        "segment consumer_new, tenure_below_months: never applies",
    ),
    "a segment shadowed by an earlier one": (
        "policy",
        swapped(("revenue_below_cents = 2000000000\n", "")),
        "segment enterprise: never applies: every line that fits it fits small_enterprise",
    ),
    "income that nobody can have": (
        "policy",
        within(OLD, "income_share_bp = 6000", "income_share_bp = 0"),
        "affordability.income_share_bp: is 0",
    ),
    "rises that never happen": (
        "policy",
        within(OLD, "up_review_bp = 2500", "up_review_bp = 0"),
        "stability.up_review_bp: is 0",
    ),
    "cuts inside the dead band": (
        "policy",
        within(OLD, "dead_band_bp = 300", "dead_band_bp = 2600"),
        "inside the dead band",
    ),
    "a small step over the full one": (
        "policy",
        within(OLD, "down_review_bp = 2500", "down_review_bp = 2500\ndown_grade_fall_bp = 2501"),
        "segment[5](consumer_established).stability.down_grade_fall_bp: Value error, is over down_review_bp",
    ),
    "small steps inside the dead band": (
        "policy",
        within(OLD, "down_review_bp = 2500", "down_review_bp = 2500\ndown_grade_fall_bp = 299"),
        "segment consumer_established, stability.down_grade_fall_bp: the largest cut is inside",
    ),
    "a relationship that nobody reaches": (
        "policy",
        within(NEW, "cut_relief_bp = 0", "cut_relief_bp = 1000"),
        "relationship.tenure_months: never applies",
    ),
    "an extra step without a rise": (
        "policy",
        within(FIRMS, 'grades = ["A", "B"]', 'grades = ["F"]'),
        "extra_step_bp: never applies",
    ),
    "a worse grade that gets more": (
        "policy",
        within('grade = "F"', "idle = 7500", "idle = 9500"),
        "strategy consumer_established F, idle: a worse grade gets more",
    ),
    "paying down into a cut": (
        "policy",
        swapped(("mid = 10000, high = 10000, full = 9500", "mid = 9400, high = 10000, full = 9500")),
        "paying down leads to a cut",
    ),
    "a trigger that no line meets": (
        "policy",
        added(TRIGGER.format("statement_stale", "consumer_new", 18)),
        "trigger statement_stale: never holds in consumer_new",
    ),
    "a trigger beyond what there is": (
        "policy",
        swapped(('code = "grade_worsened"\nvalue = 3', 'code = "grade_worsened"\nvalue = 7')),
        "trigger grade_worsened: never holds",
    ),
    "a stop on lines that contracts govern": (
        "policy",
        swapped(
            (
                'code = "dscr_low"\n',
                'code = "dscr_low"\nmeanwhile = "no_new_drawdown"\nreason = "cash_flow"\n',
            )
        ),
        "trigger dscr_low: nothing ever stands meanwhile",
    ),
    "a cap over a lower one": (
        "policy",
        added(CAP + 'currency = "CNY"\ncap_cents = 99_000_000_00'),
        "exposure_cap idle: never binds: one-consumer-cny is lower",
    ),
    "a guard that cannot trip": (
        "policy",
        within('guard = "frozen_share_bp"', "most = ", "most = 10000 # "),
        "guard frozen_share_bp: never trips",
    ),
    "a condition that is always met": ("policy", added(RULE.format(ALWAYS)), "rule idle, when"),
    "a condition that divides by nought": (
        "policy",
        added(RULE.format("drawn_cents // owed_cents > 1")),
        "owed_cents",
    ),
    "a grade that no score gives": (
        "policy",
        swapped(("pd_below_bp = 100 }", "pd_below_bp = 2 }")),
        "bands consumer, A: never given",
    ),
    "bins that leave a gap": ("card", swapped(("below = 1", "below = 0")), "attributes must meet"),
    "points that run backwards": (
        "card",
        within('name = "dpd_now_days"', ", points = ", ", points = -9"),
        "brings points",
    ),
    "a family without words": ("card", swapped(('family = "tenure"', 'family = "star_sign"')), "no words"),
    "a record that ends before it begins": (
        "pack",
        swapped(("effective_from = 2020-07-17", ENDED)),
        "never bind",
    ),
    "a record twice": (
        "pack",
        swapped(('id = "cn-microlender-consumer-200k"', 'id = "cn-internet-loans-consumer-200k"')),
        "cn-internet-loans-consumer-200k",
    ),
    "a register without an approver": (
        "profile",
        added('[[people]]\nid = "li"\nroles = ["reviewer"]\namount_limit_cents = 0'),
        "names no approver",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_name(tmp_path: Path, name: str) -> None:
    kind, edit, says = FAULTS[name]
    found = checked(tmp_path, (kind, edit))
    assert [fault for fault in found["faults"] if says in fault], found["faults"]
    assert found["status"] != "sound"


def test_the_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        ("policy", swapped(("reasons_most = 4", "reasons_most = 40"))),
        ("card", swapped(("below = 1", "below = 0"))),
        ("pack", added("what = ")),
    )
    assert len(found["faults"]) == 3
    assert all(str(tmp_path) in fault for fault in found["faults"])


def test_the_shipped_documents_have_no_fault_and_keep_what_they_promise() -> None:
    found = answer((), None, AS_OF, quick=False)
    assert (found.exit_code, found.content["faults"]) == (0, [])
    assert found.content["segments_not_reached"] == []
    for promise in found.content["promises"]:
        assert promise["holds"], promise
        assert promise["better_pairs"] > 0, promise
        assert promise["within_rounding"] < promise["pairs"] // 100


@pytest.fixture(scope="module")
def crooked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A policy that breaks two promises: B gets an extra step that A does not, and new income is punished.

    No row of its matrix is wrong, and nothing else in it is a fault.
    """
    extra = within(OLD, 'grades = ["A", "B"]\nextra_step_bp = 500', 'grades = ["B"]\nextra_step_bp = 2000')
    rule = RULE.format("net_monthly_income_cents > 1000000").replace('"refer"', '"no_rise"')
    rule += '\nsegments = ["consumer_new"]'
    edit = ("policy", lambda text: added(rule)(extra(text)))
    return checked(tmp_path_factory.mktemp("crooked"), edit, quick=False)


def shown(found: dict[str, Any], promise: str, segment: str) -> dict[str, Any]:
    """The pair of lines of a segment that shows how a promise is broken."""
    broken = next(each["broken"] for each in found["promises"] if promise in each["promise"])
    return next(each for each in broken if each["segment"] == segment)


def test_a_better_grade_that_ends_lower_by_way_of_another_step_is_shown_by_two_lines(
    crooked: dict[str, Any],
) -> None:
    assert crooked["faults"] == []
    promise = next(each for each in crooked["promises"] if each["promise"].startswith("a better PD"))
    assert not promise["holds"]
    pair = shown(crooked, "a better PD", "consumer_established")
    worse, better = pair["worse"], pair["better"]
    assert (worse["grade"], better["grade"]) == ("B", "A")
    assert better["kept_cents"] < worse["kept_cents"]
    assert "extra_step" in [step["row"] for step in worse["walk"]]
    same = {key: value for key, value in worse["inputs"].items() if key != "pd_bp"}
    assert same.items() <= better["inputs"].items()


def test_a_rule_that_punishes_income_is_shown_by_two_lines(crooked: dict[str, Any]) -> None:
    pair = shown(crooked, "verified income", "consumer_new")
    incomes = [pair[side]["inputs"]["net_monthly_income_cents"] for side in ("worse", "better")]
    assert incomes[0] <= 1_000_000 < incomes[1]


def test_the_command_ends_with_two_on_a_fault_and_with_none_otherwise(tmp_path: Path) -> None:
    sound = here("policy", "check", "--quick", "--as-of", AS_OF, "--home", tmp_path / "home")
    assert sound.exit_code == 0, sound.err
    assert "Largest gap between neighbouring cells" in sound.out
    bad = tmp_path / "policy.toml"
    bad.write_text(
        TEXTS["policy"].read_text(encoding="utf-8").replace("reasons_most = 4", "reasons_most = 0")
    )
    found = linewatch("policy", "check", bad, "--as-of", AS_OF, "--home", tmp_path / "home")
    assert found.exit_code == 2
    assert f"{bad}: reasons_most" in found.out
    assert not (tmp_path / "home").exists()
