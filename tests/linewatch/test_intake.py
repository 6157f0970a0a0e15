"""Answers beside the record, whatever comes in: a case is taken whole or not at all, and once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.case import OUTCOMES, fingerprint
from linewatch.casework import Casework, Done, Stage, after, step
from linewatch.intake import (
    WHOLE_CASE,
    CaseLine,
    Fault,
    Intake,
    Known,
    Row,
    check,
    read,
    same_outcome,
    told,
)
from linewatch.people import Register

NIGHTS = ("2026-11-21-b", "2026-11-20-a")
"""The newest first."""
KEYS = ("case_id", "facility_id", "limit", "proposed_limit", "fingerprint")
"""What ties a row to the one that was sent out."""
CREW = ("wu", "li")
OPENED = Done("opened", "linewatch")
BEFORE: Mapping[str, tuple[Done, ...]] = {
    "waits": (),
    "claimed": (Done("claimed", "li"),),
    "decided": (Done("decided", "li", "", {"lines": []}),),
    "looked": (Done("decided", "li", "", {"lines": [], "second_look": "amount"}),),
    "closed": (Done("lapsed", "linewatch"),),
}
"""What was done to a case before the file comes."""
ANSWERS = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from([*OUTCOMES, "keep", "approve", "", "maybe"]),
        "outcome_reason": st.sampled_from(["data_wrong", "agree_with_model", "other"]),
        "note": st.sampled_from([None, "Seen."]),
        "reviewer": st.sampled_from(["wu", "wu", "wu", "li", "nobody"]),
    }
)
ONE_WAY = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(list(OUTCOMES)),
        "outcome_reason": st.sampled_from(["data_wrong", "agree_with_model"]),
        "note": st.sampled_from([None, "Seen."]),
        "reviewer": st.just("wu"),
    }
)
"""What a person answers of every line of a case."""
IS_OPEN = st.sampled_from([True, True, True, False])
CENTS = st.one_of(st.none(), st.integers(0, 3_000_000))


@dataclass(frozen=True)
class File:
    """Cells that came back, and the record that they are laid beside."""

    cells: list[dict[str, Any]]
    known: Known

    def check(self, cells: list[dict[str, Any]] | None = None) -> Intake:
        rows = [read(f"row {n}", each, 2) for n, each in enumerate(self.cells if cells is None else cells)]
        return check(rows, self.known)


def sent(case_id: str, line: CaseLine, batch: str = NIGHTS[0]) -> dict[str, Any]:
    """The cells of a line as its queue showed it."""
    shown = (line.limit_cents, line.proposed_limit_cents)
    limit, proposed = (None if cents is None else f"{cents / 100:.2f}" for cents in shown)
    return {
        "case_id": case_id,
        "facility_id": line.facility_id,
        "currency": "CNY",
        "limit": limit,
        "proposed_limit": proposed,
        "fingerprint": fingerprint(batch, case_id, line.facility_id, *shown),
    }


def known(lines: Mapping[str, list[CaseLine]], done: Mapping[str, tuple[Done, ...]]) -> Known:
    people = {name: {"id": name, "roles": ["reviewer"], "amount_limit_cents": 1} for name in CREW}
    return Known(
        batches=NIGHTS,
        cases={case: after([OPENED, *done.get(case, ())]) for case in lines},
        lines={case: {line.facility_id: line for line in some} for case, some in lines.items()},
        register=Register(people),
    )


@st.composite
def files(draw: st.DrawFn, whole: bool = False) -> File:
    """A few cases of a few lines, some of them worked on already; rows of them. Unless each case is answered
    `whole`, some are left out, some come twice, and some have answers of their own.
    """
    lines: dict[str, list[CaseLine]] = {}
    cells: list[dict[str, Any]] = []
    done = {}
    for case in ("C1", "C2", "C3")[: draw(st.integers(1, 3))]:
        done[case] = BEFORE[draw(st.sampled_from(["waits", "waits", *BEFORE]))]
        lines[case] = [
            CaseLine(f"{case}.{n}", draw(IS_OPEN), "CNY", draw(CENTS), draw(CENTS))
            for n in range(draw(st.integers(1, 3)))
        ]
        one = draw(ONE_WAY if whole else ANSWERS)
        for line in lines[case]:
            how = one if whole else draw(st.one_of(st.just(one), ANSWERS))
            times = 1 if whole else draw(st.sampled_from([1, 1, 1, 1, 0, 2]))
            new_limit = "120" if how["outcome"] == "another_limit" else None
            batch = draw(st.sampled_from(NIGHTS))
            cells += [{**sent(case, line, batch), **how, "new_limit": new_limit}] * times
    return File(draw(st.permutations(cells)), known(lines, done))


@given(files())
def test_a_case_is_taken_whole_or_not_at_all_and_every_row_ends_in_one_place(file: File) -> None:
    found = file.check()
    came: dict[str, list[str]] = {}
    for each in file.cells:
        came.setdefault(each["case_id"], []).append(each["facility_id"])
    refused = {row.answer.case_id for row, _ in found.refused}
    places = (set(found.rows), refused, set(found.unchanged))
    assert set().union(*places) == set(came)
    assert sum(map(len, places)) == len(came)
    assert sorted(row.where for row, _ in found.refused) == sorted(
        f"row {n}" for n, each in enumerate(file.cells) if each["case_id"] in refused
    )
    assert all(faults for _, faults in found.refused)
    for case_id, rows in found.rows.items():
        lines = file.known.lines[case_id]
        assert sorted(row.answer.facility_id for row in rows) == sorted(came[case_id])
        assert {name for name, line in lines.items() if line.is_open} <= set(came[case_id]) <= set(lines)
        assert len({row.answer.facility_id for row in rows}) == len(rows)
        (by,) = {row.answer.reviewer for row in rows}
        outcomes = {row.answer.outcome for row in rows}
        assert len(outcomes) == 1 or not outcomes & set(WHOLE_CASE)
        work = file.known.cases[case_id]
        assert by in CREW
        assert work.stage in (Stage.WAITING, Stage.SECOND_LOOK)
        assert work.holder in ("", by)
        assert work.decided is None or work.decided.by != by


@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(file: File, lot: Any) -> None:
    def of(found: Intake) -> object:
        taken = {case: sorted(row.answer.facility_id for row in rows) for case, rows in found.rows.items()}
        refused = sorted((str(row.cells), [fault.code for fault in some]) for row, some in found.refused)
        return taken, refused, sorted(found.unchanged)

    shuffled = list(file.cells)
    lot.shuffle(shuffled)
    assert of(file.check()) == of(file.check(shuffled))


@given(files(whole=True), st.data())
def test_a_row_whose_key_or_figure_was_changed_is_never_taken(file: File, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(file.cells) - 1))
    key = data.draw(st.sampled_from(KEYS))
    row = file.cells[at]
    amounts = st.one_of(st.none(), st.integers(0, 5_000_000).map(lambda cents: f"{cents / 100:.2f}"))
    others = st.sampled_from(["C1", "C2", "C1.0", "C2.1", "0123456789abcdef", "x", "-1", "1,5", ""])
    changed = data.draw(st.one_of(amounts, others) if "limit" in key else others)
    if changed == row[key] or (not changed and not row[key]):
        changed = "7.77"
    cells = [dict(each) for each in file.cells]
    cells[at][key] = changed
    found = file.check(cells)
    assert f"row {at}" in [each.where for each, _ in found.refused]
    assert cells[at]["case_id"] not in found.rows, "nor any other row of the case that it names"
    if file.known.lines[row["case_id"]][row["facility_id"]].is_open:
        assert row["case_id"] not in found.rows, "nor of the case that lacks it now"


def recorded(file: File, found: Intake, second_look: str) -> Iterator[tuple[str, Done]]:
    """What the record would be told of each case that is taken."""
    for case_id, rows in found.rows.items():
        work, by = file.known.cases[case_id], rows[0].answer.reviewer
        lines = [told(row, file.known.lines[case_id][row.answer.facility_id]) for row in rows]
        outcome = rows[0].answer.outcome
        if work.stage is Stage.SECOND_LOOK:
            assert work.decided is not None
            kind = "agreed" if same_outcome(lines, work.decided.content["lines"]) else "disagreed"
        else:
            kind = {"ask_more": "more_asked", "site_visit": "sent_on"}.get(outcome, "decided")
        yield case_id, Done(kind, by, "", {"lines": lines, "second_look": second_look})


@given(files(whole=True), st.sampled_from(["", "amount"]), st.booleans(), st.data())
def test_the_same_rows_after_they_are_recorded_are_unchanged(
    file: File, second_look: str, settles: bool, data: st.DataObject
) -> None:
    found = file.check()
    cases: dict[str, Casework] = dict(file.known.cases)
    for case_id, done in recorded(file, found, second_look):
        cases[case_id] = step(cases[case_id], done)
        if settles and cases[case_id].stage is Stage.READY:
            cases[case_id] = step(cases[case_id], Done("settled", "linewatch"))
    later = File(data.draw(st.permutations(file.cells)), replace(file.known, cases=cases))
    again = later.check()
    assert set(again.unchanged) == set(found.rows) | set(found.unchanged)
    assert not again.rows


LINE = CaseLine("F1", True, "CNY", 100_000, 80_000)
GOOD = {"outcome": "keep", "outcome_reason": "data_wrong", "reviewer": "wu", "note": None, "new_limit": None}


def faults(cells: dict[str, Any], *lines: CaseLine, done: tuple[Done, ...] = ()) -> list[Fault]:
    (refused,) = File([cells], known({"C1": list(lines)}, {"C1": done})).check().refused
    return refused[1]


def taken(cells: dict[str, Any], *lines: CaseLine) -> list[Row]:
    return File([cells], known({"C1": list(lines)}, {})).check().rows["C1"]


def test_only_whom_the_profile_registers_as_a_reviewer_decides() -> None:
    cells = {**sent("C1", LINE), **GOOD}
    assert faults({**cells, "reviewer": "mallory"}, LINE) == [Fault("reviewer_unknown", "mallory")]
    assert faults({**cells, "reviewer": "WU"}, LINE) == [Fault("reviewer_unknown", "WU")]
    file = File([cells], known({"C1": [LINE]}, {}))
    approver = replace(file.known, register=Register({"wu": {"id": "wu", "roles": ["approver"]}}))
    (refused,) = File([cells], approver).check().refused
    assert refused[1] == [Fault("reviewer_unknown", "wu")]
    anybody = replace(file.known, register=Register({}))
    assert list(File([{**cells, "reviewer": "mallory"}], anybody).check().rows) == ["C1"]


@pytest.mark.parametrize(
    "now", [replace(LINE, limit_cents=90_000), replace(LINE, proposed_limit_cents=70_000)], ids=str
)
def test_a_row_of_an_older_night_is_stale_once_the_line_or_its_proposal_is_another(now: CaseLine) -> None:
    old = {**sent("C1", LINE, NIGHTS[1]), **GOOD}
    assert taken(old, LINE)[0].answer.outcome == "keep"
    assert faults(old, now) == [Fault("row_stale")]
    assert faults({**old, "fingerprint": sent("C1", LINE, "another home's")["fingerprint"]}, LINE) == [
        Fault("row_changed")
    ]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_line_that_is_gone_is_kept_or_left_to_what_was_proposed_and_nothing_else(outcome: str) -> None:
    gone = CaseLine("F1", is_open=False)
    cells = {**sent("C1", LINE, NIGHTS[1]), **GOOD, "outcome": outcome}
    cells["new_limit"] = "90" if outcome == "another_limit" else None
    if outcome in ("keep", "approve"):
        assert taken(cells, gone)[0].answer.outcome == outcome
    else:
        assert faults(cells, gone) == [Fault("line_gone")]
    other = replace(LINE, facility_id="F2")
    kept = {**sent("C1", other), **GOOD}
    assert taken(kept, gone, other)[0].answer.facility_id == "F2"


@pytest.mark.parametrize("money", ["JPY", "KWD", "", None])
def test_an_amount_in_another_money_than_the_lines_own_is_never_taken(money: str | None) -> None:
    """Nought is nought in any money, and so is its mark: what is asked for would be ten or a hundredfold."""
    line = replace(LINE, limit_cents=0, proposed_limit_cents=0)
    cells = {**sent("C1", line), **GOOD, "outcome": "another_limit", "new_limit": "100"}
    assert taken(cells, line)[0].answer.new_limit_cents == 10_000
    assert faults({**cells, "currency": money}, line) == [Fault("row_changed")]


def test_a_case_that_somebody_worked_on_meanwhile_is_given_back_whole() -> None:
    other = replace(LINE, facility_id="F2")
    cells = [{**sent("C1", line), **GOOD} for line in (LINE, other)]
    found = File(cells, known({"C1": [LINE, other]}, {})).check()
    found.refuse("C1", {"F1": Fault("changed_meanwhile", "li has claimed it")})
    assert not found.rows
    assert {row.answer.facility_id: [fault.code for fault in some] for row, some in found.refused} == {
        "F1": ["changed_meanwhile"],
        "F2": ["other_row"],
    }


def test_an_answer_that_was_sent_back_is_weighed_again_and_not_taken_for_known() -> None:
    cells = {**sent("C1", LINE), **GOOD}
    file = File([cells], known({"C1": [LINE]}, {}))
    ((_, decided),) = recorded(file, file.check(), "")
    back = (decided, Done("sent_back", "linewatch"))
    assert list(File([cells], known({"C1": [LINE]}, {"C1": back})).check().rows) == ["C1"]
