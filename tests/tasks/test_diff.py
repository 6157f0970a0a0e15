"""Two versions of a document are told apart in sentences that a risk manager can check one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linewatch.documents import SHIPPED
from linewatch.errors import DocumentRefused, NotFound
from tasks.diff import Difference, diff
from tests.flows.console import here, linewatch
from tests.tasks.decisions_fixture import committed_home, line

POLICY = SHIPPED / "policies" / "2000-01-01-default.toml"
TEXT = POLICY.read_text(encoding="utf-8")
SEGMENT = "segment consumer_established, "

BETTER_RATE = (
    "Three years without one late day have paid for patience, a better rate, and half a year in which a new "
    "card alone takes nothing."
)


def changed(place: Path, *swaps: tuple[str, str], of: Path = POLICY) -> Difference:
    """The shipped document against one in which each text stands in for another."""
    text = of.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = place / "new.toml"
    path.write_text(text, encoding="utf-8")
    return diff(place, "shipped", str(path))


def said(found: Difference) -> list[tuple[str, str]]:
    return [(each.where, each.says) for each in found.changes]


def test_the_same_document_says_the_same(tmp_path: Path) -> None:
    found = diff(tmp_path, "shipped", str(POLICY))
    assert found.changes == []
    assert "They say the same." in found.text


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        (
            "reviews_to_improve = 2",
            "reviews_to_improve = 3",
            "hysteresis",
            "reviews_to_improve rises from 2 to 3",
        ),
        (
            "appetite_cents = 15_000_00",
            "appetite_cents = 12_500_00",
            SEGMENT + "expected_loss",
            "appetite_cents falls from 15,000.00 to 12,500.00",
        ),
        (
            "cap_cents = 300_000_00",
            "cap_cents = 250_000_00",
            "exposure_cap one-consumer-cny",
            "cap_cents falls from 300,000.00 CNY to 250,000.00 CNY",
        ),
        (
            "idle = 10000, low = 11500",
            "idle = 10000, low = 11000",
            "strategy consumer_established A, target_bp",
            "low falls from 115.00 % to 110.00 %",
        ),
        (
            'code = "unknown_share"\nvalue = 6000',
            'code = "unknown_share"\nvalue = 5000',
            "trigger unknown_share",
            "value falls from 60.00 % to 50.00 %",
        ),
        (
            "tenure_below_months = 12",
            "tenure_below_months = 1",
            "segment consumer_new",
            "tenure_below_months falls from 12 months to 1 month",
        ),
        (
            "rate_cap_bp = 1500\n",
            "",
            SEGMENT + "relationship",
            "rate_cap_bp is no longer set; it was 15.00 %",
        ),
        (
            'kind = "breathing_space"\neffect = "hold"',
            'kind = "breathing_space"\neffect = "freeze"',
            "treatment breathing_space",
            "effect goes from hold to freeze",
        ),
    ],
)
def test_a_changed_key_is_a_sentence_with_both_values_in_their_unit(
    tmp_path: Path, old: str, new: str, where: str, says: str
) -> None:
    assert said(changed(tmp_path, (old, new))) == [(where, says)]


def test_the_reason_beside_the_new_value_is_told_and_whether_it_is_new(tmp_path: Path) -> None:
    why = BETTER_RATE
    kept = changed(tmp_path, ("rate_cap_bp = 1500", "rate_cap_bp = 1400"))
    assert [(each.because, each.because_is_old) for each in kept.changes] == [(why, True)]
    assert f"because, as before: {why}" in kept.text
    other = changed(tmp_path, ("rate_cap_bp = 1500", "rate_cap_bp = 1400"), (why, "The market fell."))
    assert [each.because for each in other.changes] == ["The market fell."]
    assert "because: The market fell." in other.text
    alone = changed(tmp_path, (why, "The market fell."))
    assert [each.what for each in alone.changes] == ["reworded"]


def test_rows_that_came_and_went_are_told_whole(tmp_path: Path) -> None:
    cap = '[[exposure_cap]]\nid = "new"\nscope = "group"\nnet_assets_bp = 500\nbecause = "Safer."\n\n'
    trigger = '[[trigger]]\ncode = "fraud_suspected"\nvalue = 0\nbecause = "Suspicion is for people."\n'
    found = changed(tmp_path, ("[[trigger]]\n", cap + "[[trigger]]\n"), (trigger, ""))
    assert said(found) == [
        ("exposure_cap new", "is new: scope group; net_assets_bp 5.00 %"),
        ("trigger fraud_suspected", "is gone; it was: value 0"),
    ]
    assert found.changes[0].because == "Safer."


def test_another_order_of_segments_is_another_policy(tmp_path: Path) -> None:
    first, second = '[[segment]]\nname = "project"', '[[segment]]\nname = "small_enterprise"'
    start, middle = TEXT.index(first), TEXT.index(second)
    end = TEXT.index('[[segment]]\nname = "enterprise"')
    path = tmp_path / "new.toml"
    path.write_text(TEXT[:start] + TEXT[middle:end] + TEXT[start:middle] + TEXT[end:])
    (found,) = diff(tmp_path, "shipped", str(path)).changes
    assert found.what == "reordered"
    assert found.new[:2] == ["small_enterprise", "project"]


@pytest.mark.parametrize(
    ("room", "key", "other"),
    [
        ("scorecards", "points = ", "77"),
        ("regulations", '\ncitation = "', "Another "),
        ("notices", 'en = "', "Another "),
        ("profiles", '\nname = "', "Another "),
    ],
)
def test_every_kind_of_document_can_be_compared(tmp_path: Path, room: str, key: str, other: str) -> None:
    path = min((SHIPPED / room).glob("*.toml"))
    found = changed(tmp_path, (key, key + other), of=path)
    assert [each.what for each in found.changes] == ["changed"]
    assert found.content["old"]["kind"]


def test_a_version_of_the_record_is_found_by_hash_and_by_name(tmp_path: Path) -> None:
    home = committed_home(tmp_path / "home", [line("F1")])
    new = tmp_path / "new.toml"
    new.write_text(TEXT.replace("reviews_to_improve = 2", "reviews_to_improve = 3"))
    by_name = diff(home, "default-policy@1", str(new))
    assert by_name.content["old"]["found"].startswith("record ")
    assert diff(home, by_name.old.sha256[:8], str(new)).changes == by_name.changes != []
    with pytest.raises(NotFound, match="no night of this home used"):
        diff(home, "abcdef12", str(new))
    with pytest.raises(NotFound, match="could be any of"):
        diff(home, "1", "shipped")


def test_two_kinds_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused) as refused:
        diff(tmp_path, str(POLICY), str(next((SHIPPED / "scorecards").glob("*.toml"))))
    assert "is a policy and" in refused.value.where


def test_the_command_answers_in_words_and_as_one_object(tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    new.write_text(TEXT.replace("reviews_to_improve = 2", "reviews_to_improve = 3"))
    words = linewatch("policy", "diff", "shipped", new, "--home", tmp_path / "home")
    assert words.exit_code == 0
    assert "reviews_to_improve rises from 2 to 3" in words.out
    told = here("policy", "diff", "shipped", new, "--home", tmp_path / "home", "--json")
    assert json.loads(told.out)["changes"][0]["new"] == 3
    assert not (tmp_path / "home").exists()
