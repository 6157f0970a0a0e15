"""From which night a change is counted: the anchor's, or the oldest since that is kept."""

from __future__ import annotations

from datetime import date

from tasks.attribute import counted_from

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def since(anchor_on: date | None, *kept: date) -> date | None:
    (row,) = counted_from([{"facility_id": "F1", "anchor_on": anchor_on}], kept)
    assert row["facility_id"] == "F1"
    found: date | None = row["since_on"]
    return found


def test_a_change_counts_from_the_night_of_its_anchor() -> None:
    assert since(JUNE, JULY, MAY, JUNE) == JUNE


def test_the_oldest_night_since_stands_in_for_one_that_was_pruned() -> None:
    assert since(MAY, JULY, JUNE) == JUNE


def test_without_a_night_since_nothing_is_counted() -> None:
    assert since(JULY, MAY, JUNE) is None
    assert since(MAY) is None


def test_what_was_first_seen_or_changed_outside_tonight_has_no_anchor_before() -> None:
    assert since(None, MAY) is None
