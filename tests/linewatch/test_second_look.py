"""A second look is asked for where much moves, where the grade is bad, and of the rest by lot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.case import KINDS, OUTCOMES
from linewatch.documents import load_documents
from linewatch.review import Review
from linewatch.second_look import DecidedLine, moved_cents, second_look

AS_OF = date(2026, 11, 21)
KEY = "key"
ONE = 1_000_000
SHARES = (0, 100, 500, 2_500, 10_000)
IDS = 2_000

outcomes = st.sampled_from(sorted(OUTCOMES))
cents = st.integers(0, 10**12)
lines = st.lists(
    st.builds(
        DecidedLine,
        outcomes,
        st.none() | cents,
        st.none() | cents,
        st.none() | cents,
        st.sampled_from([None, *"ABCDEFG"]),
        st.none() | st.integers(1, 10**8),
    ),
    max_size=5,
)
reviews = st.builds(
    Review,
    second_look_cents=st.none() | cents,
    second_look_grades=st.lists(st.sampled_from("ABCDEFG"), unique=True).map(tuple),
    blind_share_bp=st.sampled_from(SHARES),
    because=st.just("so"),
)


def line(
    outcome: str = "approve", standing: int | None = 100, proposed: int | None = 160, **of: object
) -> DecidedLine:
    given = {"limit_cents": None, "grade": "B", "rate_ppm": ONE, **of}
    return DecidedLine(outcome, standing, proposed, **given)  # type: ignore[arg-type]


def review(**of: object) -> Review:
    return Review(because="so", **of)  # type: ignore[arg-type]


def why(policy: Review | None, *decided: DecidedLine, case_id: str = "C1", as_of: date = AS_OF) -> str:
    return second_look(policy, decided, as_of=as_of, test_digit_key=KEY, case_id=case_id)


def test_a_policy_without_the_section_asks_for_no_second_look() -> None:
    assert why(None, line(standing=0, proposed=10**12, grade="G")) == ""
    policy = load_documents(AS_OF).policy
    assert type(policy).model_validate({**policy.model_dump(), "review": None}).review is None
    without = {name: value for name, value in policy.model_dump().items() if name != "review"}
    assert type(policy).model_validate(without).review is None


def test_the_shipped_policy_asks_for_one_by_amount_grade_and_lot_and_knows_every_kind_of_case() -> None:
    shipped = load_documents(AS_OF).policy.review
    assert shipped is not None
    assert shipped.second_look_cents == 200_000_00
    assert (shipped.second_look_grades, shipped.blind_share_bp) == (("F", "G"), 500)
    assert set(shipped.plausible_seconds) == set(KINDS)
    (kinds, _) = get_args(Review.model_fields["plausible_seconds"].annotation)
    assert set(get_args(kinds)) == set(KINDS)


def test_what_goes_up_and_what_goes_down_are_added_over_the_lines_of_a_case() -> None:
    up, down = line(), line(standing=100, proposed=60)
    assert moved_cents([up, down]) == 100
    assert why(review(second_look_cents=100), up, down) == "amount"
    assert why(review(second_look_cents=101), up, down) == ""


def test_an_amount_is_weighed_in_the_reporting_currency_and_rounded_up() -> None:
    assert moved_cents([line(standing=0, proposed=3, rate_ppm=333_334)]) == 2
    assert moved_cents([line(standing=3, proposed=0, rate_ppm=333_334)]) == 2


def test_what_cannot_be_weighed_is_looked_at_by_another_and_what_moves_nothing_weighs_nothing() -> None:
    asks = review(second_look_cents=10**9)
    assert why(asks, line(rate_ppm=None)) == "amount"
    assert why(asks, line(standing=None)) == "amount"
    assert why(asks, line("keep", rate_ppm=None), line("freeze", standing=None, rate_ppm=None)) == ""
    assert why(review(), line(rate_ppm=None)) == ""


def test_a_limit_of_the_reviewers_own_is_what_moves_and_not_what_was_proposed() -> None:
    assert moved_cents([line("another_limit", limit_cents=90)]) == 10
    assert moved_cents([line("another_limit", limit_cents=100)]) == 0


@pytest.mark.parametrize("outcome", ["keep", "ask_more", "site_visit"])
def test_a_bad_grade_is_looked_at_again_where_it_is_moved_or_blocked(outcome: str) -> None:
    asks = review(second_look_grades=("F", "G"))
    assert why(asks, line(grade="G")) == why(asks, line("freeze", grade="F")) == "grade"
    assert why(asks, line(grade="E")) == why(asks, line(outcome, grade="G")) == ""
    assert why(asks, line(standing=100, proposed=100, grade="G")) == ""


@given(st.integers(0, 10_000), st.text(), st.dates())
def test_of_many_cases_about_the_stated_share_is_drawn(share: int, key: str, as_of: date) -> None:
    asks = review(blind_share_bp=share)
    told = [second_look(asks, (), as_of=as_of, test_digit_key=key, case_id=f"C{at}") for at in range(IDS)]
    deviation = (IDS * share * (10_000 - share)) ** 0.5 / 10_000
    assert abs(told.count("sampled") - IDS * share / 10_000) <= 6 * deviation


def test_the_lot_is_another_on_another_night_and_under_another_key() -> None:
    half = review(blind_share_bp=5_000)
    cases = [f"C{at}" for at in range(200)]
    tonight = [why(half, case_id=case) for case in cases]
    assert tonight != [why(half, case_id=case, as_of=AS_OF + timedelta(1)) for case in cases]
    other = [second_look(half, (), as_of=AS_OF, test_digit_key="other", case_id=case) for case in cases]
    assert tonight != other


@given(reviews, lines, st.dates(), st.text(), st.text())
def test_the_same_case_is_told_the_same_again_whatever_order_its_lines_have(
    policy: Review, decided: list[DecidedLine], as_of: date, key: str, case_id: str
) -> None:
    told = second_look(policy, decided, as_of=as_of, test_digit_key=key, case_id=case_id)
    turned = reversed(decided)
    assert second_look(policy, turned, as_of=as_of, test_digit_key=key, case_id=case_id) == told


@given(reviews, lines, cents, cents, st.integers(1, 10**8), st.text())
def test_who_moves_more_is_not_looked_at_less(
    policy: Review, decided: list[DecidedLine], less: int, more: int, rate: int, case_id: str
) -> None:
    low, high = sorted((less, more))
    told = [
        why(policy, *decided, line(standing=0, proposed=moved, rate_ppm=rate), case_id=case_id)
        for moved in (0, low, high)
    ]
    severity = {"": 0, "sampled": 1, "grade": 2, "amount": 3}
    assert sorted(told, key=severity.__getitem__) == told
