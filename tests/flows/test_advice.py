"""Advice tried as a borrower would: make just that edit, run the nights until its day, look at the limit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tasks import advise
from tasks.demo import REFERENCE_ON
from tests.flows.later_source import (
    HELPS,
    Row,
    Told,
    around,
    generous,
    of,
    source_of,
    staging,
    told_night,
    unguarded,
)
from tests.whole_night import run_night

POLICIES = {
    "generous": generous,
    "staging": lambda as_of: staging(generous(as_of)),
    "shipped": unguarded,
}


@pytest.fixture(
    scope="module",
    params=[
        "generous",
        pytest.param("staging", marks=pytest.mark.slow),
        pytest.param("shipped", marks=pytest.mark.torture),
    ],
)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Under the policy that is shipped little comes back, and late: its seven months take minutes.

    What could be done is tried as on a large night: the most first, then less where that may help too.
    """
    documents = POLICIES[request.param](REFERENCE_ON)
    borrowers = 3000 if request.param == "shipped" else 900
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(advise, "FEW_LINES", 0)
        return told_night(tmp_path_factory.mktemp("advised"), borrowers, documents)


def rounds(told: Told) -> list[list[Row]]:
    """All that would help, no two lines of one group in a round."""
    group = told.decisions.set_index("facility_id").group_id
    left = told.advice[told.advice.standing.isin(HELPS)].to_dict("records")
    found: list[list[Row]] = []
    while left:
        taken: dict[str, Row] = {}
        for row in left:
            taken.setdefault(group[row["facility_id"]], row)
        found.append(list(taken.values()))
        left = [row for row in left if row not in found[-1]]
    return found


def limits_at_their_days(told: Told, done: list[Row], place: Path) -> dict[str, int]:
    """What each line's limit is, or would be with consent, on the night that its advice is about."""
    shutil.copytree(told.home, place / "home")
    found: dict[str, int] = {}
    last = max(row["counts_on"] for row in done)
    day = told.as_of
    while day < last:
        day = (pd.Timestamp(day) + pd.DateOffset(months=1)).date()
        source = source_of(told, place / "home", day, done, place / "source" / day.isoformat())
        receipt = run_night(source, day, place / "home", documents=told.documents, promises=False)
        decisions = of(place / "home" / "batches" / receipt.batch, "decisions").set_index("facility_id")
        for row in done:
            if row["counts_on"] == day:
                line = decisions.loc[row["facility_id"]]
                found[row["facility_id"]] = int(line.proposed_limit_cents)
    return found


def test_all_advice_leads_to_the_limit_that_it_names(told: Told, tmp_path: Path) -> None:
    advised = rounds(told)
    assert sum(map(len, advised)) >= 15, "too little is advised to show anything"
    for number, done in enumerate(advised):
        found = limits_at_their_days(told, done, tmp_path / str(number))
        for row in done:
            assert found[row["facility_id"]] == row["limit_cents"], row


def test_all_that_is_tried_at_once_finds_the_same(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advise, "FEW_LINES", 1_000_000)
    source = told.home.parent / "lender" / told.as_of.isoformat()
    receipt = run_night(
        source, told.as_of, tmp_path / "home", documents=told.documents, advice=True, promises=False
    )
    again = of(tmp_path / "home" / "batches" / receipt.batch, "advice")
    pd.testing.assert_frame_equal(again, told.advice)


def less(told: Told, row: Row) -> Row:
    """The same with one step less: a part less paid, no proof sent."""
    drawn = told.tables["facility"].set_index("facility_id").drawn_cents[row["facility_id"]]
    segment = told.decisions.set_index("facility_id").segment[row["facility_id"]]
    unit = next(
        each.stability.rounding_cents for each in told.documents.policy.segment if each.name == segment
    )
    parts = told.documents.policy.advice.parts
    steps = sorted({min(-(-drawn * step // (parts * unit)) * unit, drawn) for step in range(parts + 1)})
    if row["amount_cents"]:
        return {**row, "amount_cents": steps[steps.index(row["amount_cents"]) - 1]}
    return {**row, "code": "on_time"}


def test_one_step_less_does_not_do_it(told: Told, tmp_path: Path) -> None:
    for number, done in enumerate(rounds(told)):
        short = [less(told, row) for row in done if row["code"] != "on_time"]
        found = limits_at_their_days(told, short, tmp_path / str(number)) if short else {}
        for row in short:
            assert found[row["facility_id"]] != row["limit_cents"], row


@pytest.mark.parametrize("named", ["first", "second"])
def test_nobody_is_told_of_a_rise_that_a_shared_device_would_send_to_a_person(
    told: Told, tmp_path: Path, named: str
) -> None:
    """A tie counts for both ends of it, and those at the other are not looked at."""
    helped = set(told.advice[told.advice.standing == "indication"].facility_id)
    tables = around(told.tables, told.decisions, helped)
    owners = tables["borrower"].borrower_id
    ends = (
        ["borrower_id", "related_borrower_id"] if named == "first" else ["related_borrower_id", "borrower_id"]
    )
    links = [(owner, f"stranger {number}") for owner in owners for number in range(5)]
    tables["social_link"] = pd.DataFrame(links, columns=ends).assign(kind="shared_device")
    (tmp_path / "source").mkdir()
    for name, rows in tables.items():
        rows.to_parquet(tmp_path / "source" / f"{name}.parquet", index=False)
    home = tmp_path / "home"
    receipt = run_night(
        tmp_path / "source", told.as_of, home, documents=told.documents, advice=True, promises=False
    )
    batch = home / "batches" / receipt.batch
    advice = of(batch, "advice").merge(of(batch, "decisions"), on="facility_id", suffixes=("", "_tonight"))
    assert len(advice) >= len(helped)
    assert not (advice.limit_cents > advice.committed_limit_cents).any()


def test_every_line_that_is_told_of_a_cut_is_told_what_would_help_or_that_nothing_would(told: Told) -> None:
    borrower = told.tables["borrower"].set_index("borrower_id")
    cut = told.decisions[
        (told.decisions.action == "decrease")
        & (told.decisions.committed_limit_cents < told.decisions.limit_cents)
    ]
    honest = ~cut.borrower_id.map(borrower.fraud_flag).isin(["suspected", "first_party", "victim"])
    assert set(told.advice.facility_id) == set(cut[honest].facility_id)
    late = told.decisions.groupby("borrower_id").days_past_due.max()
    for row in told.advice.to_dict("records"):
        owner = told.decisions.set_index("facility_id").borrower_id[row["facility_id"]]
        assert (row["code"] == "support") == (
            late[owner] > 0
            or (borrower.hardship_on[owner] is not None and borrower.hardship_on[owner] <= told.as_of)
        )
        assert (row["limit_cents"] > 0) == (row["standing"] in HELPS)


def test_what_keeps_a_limit_from_falling_further_is_told_as_that_and_it_does_fall_otherwise(
    told: Told, tmp_path: Path
) -> None:
    cut_to = told.decisions.set_index("facility_id").committed_limit_cents
    assert "no_further" in set(told.advice.standing)
    for row in told.advice[told.advice.standing.isin(HELPS)].to_dict("records"):
        level = row["limit_cents"] == cut_to[row["facility_id"]]
        assert row["standing"] == ("no_further" if level else "indication")
    for number, done in enumerate(rounds(told)):
        idle = [{**row, "code": "on_time"} for row in done if row["standing"] == "no_further"]
        idle = [{**row, "amount_cents": 0} for row in idle]
        found = limits_at_their_days(told, idle, tmp_path / str(number)) if idle else {}
        for row in idle:
            assert found[row["facility_id"]] < cut_to[row["facility_id"]]
