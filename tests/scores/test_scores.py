"""Points, scores and PDs at the borders of their bins."""

import pytest

BINS = (
    {"below": 30, "points": 100},
    {"from": 30, "below": 60, "points": -50},
    {"from": 60, "points": -700},
    {"unknown": True, "points": 7},
)


@pytest.fixture
def card(make_card, make_item):
    return make_card("consumer", [make_item("dpd_now_days", *BINS, reference=60)], base_points=60_000)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-(2**63), 100), (0, 100), (29, 100), (30, -50), (59, -50), (60, -700), (2**63 - 1, -700), (None, 7)],
)
def test_a_value_is_in_the_bin_that_it_reaches_and_that_it_is_below(score, card, value, expected):
    found = score([card], {"consumer": {"B1": {"dpd_now_days": value}}})

    assert found["B1"]["score"] == 60_000 + expected


@pytest.mark.parametrize(("base", "pd_bp"), [(-2_000_000, 5_000), (-1, 5_000), (0, 100), (1_999_999, 100)])
def test_a_score_has_the_pd_of_the_last_step_that_it_reaches_and_the_first_one_below_all(
    score, make_card, make_item, base, pd_bp
):
    flat = ({"points": 0}, {"unknown": True, "points": 0})
    card = make_card("consumer", [make_item("dpd_now_days", *flat)], base_points=base)

    assert score([card], {"consumer": {"B1": {}}})["B1"]["pd_bp"] == pd_bp


def test_the_unknown_share_is_of_the_cards_characteristics_and_rounded_up(score, make_card, make_item):
    names = ("dpd_now_days", "late_months_6m", "utilisation_3m_bp")
    card = make_card("consumer", [make_item(name, *BINS) for name in names])

    found = score([card], {"consumer": {"B1": {"dpd_now_days": 1, "history_months": 6}, "B2": {}}})

    assert found["B1"]["unknown_share_bp"] == 6_667
    assert found["B2"]["unknown_share_bp"] == 10_000


def test_an_optional_characteristic_counts_in_the_unknown_share_only_where_it_is_known(
    score, make_card, make_item
):
    items = [make_item(name, *BINS) for name in ("dpd_now_days", "tenure_months")]
    card = make_card("consumer", [items[0], {**items[1], "optional": True}])

    found = score(
        [card],
        {"consumer": {"neither": {}, "first": {"dpd_now_days": 0}, "second": {"tenure_months": 9}}},
    )

    assert {name: row["unknown_share_bp"] for name, row in found.items()} == {
        "neither": 10_000,
        "first": 0,
        "second": 5_000,
    }


def test_every_borrower_is_scored_by_the_card_of_their_kind_even_if_nothing_is_known(
    score, make_card, make_item
):
    cards = [
        make_card("consumer", [make_item("dpd_now_days", *BINS)], base_points=1_000),
        make_card("enterprise", [make_item("dpd_now_days", *BINS)], base_points=2_000),
    ]

    found = score(cards, {"consumer": {"B1": {}}, "enterprise": {"B2": {"dpd_now_days": 61}}})

    assert {name: (row["scorecard"], row["score"]) for name, row in found.items()} == {
        "B1": ("a consumer card", 1_007),
        "B2": ("a enterprise card", 1_300),
    }


def test_points_tell_the_value_the_attribute_and_the_shortfall(points, card):
    (row,) = points([card], {"consumer": {"B1": {"dpd_now_days": 60}, "B2": {}}}, ["B1"])

    assert row == {
        "borrower_id": "B1",
        "scorecard": "a consumer card",
        "characteristic": "dpd_now_days",
        "family": "late_payments",
        "driver": "conduct",
        "value": 60,
        "attribute": 3,
        "points": -700,
        "reference_points": 60,
        "shortfall": 760,
    }


def test_points_of_an_unknown_value_are_those_of_the_unknown_attribute(points, card):
    (row,) = points([card], {"consumer": {"B1": {}}}, ["B1"])

    assert (row["value"], row["attribute"], row["points"], row["shortfall"]) == (None, 4, 7, 53)


def test_points_of_somebody_who_is_not_scored_are_none(points, card):
    assert points([card], {"consumer": {"B1": {}}}, ["B9"]) == []
