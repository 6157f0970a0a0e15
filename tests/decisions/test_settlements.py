"""What people decide ends where the page says: what floor, caps and law leave, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import pytest

import sql.engine as engine
from linewatch.documents import immediate_rows, load_documents
from linewatch.night import Night
from linewatch.regulation import Record
from sql import walk
from tasks.settle import weigh
from tests.decisions.cases import AS_OF, ENTERPRISE
from tests.decisions.small_lender import SmallLender
from tests.oracle.book import Book
from tests.oracle.caps import Sum, _of_law, _of_policy
from tests.oracle.compare import book_of
from tests.oracle.lenders import random_lender
from tests.oracle.lines import lines_of
from tests.oracle.settled import Settled, law_broken, over_caps, settled, under_owed
from tests.oracle.walk import Walk

Row = dict[str, Any]
Rows = dict[str, Row]
OUTCOMES = ("approve", "approve", "keep", "another_limit", "another_limit", "another_limit", "freeze")
LENDERS = [
    ("strict", 4),
    *(
        pytest.param(policy, seed, marks=pytest.mark.slow)
        for policy, seeds in (("strict", range(5, 13)), ("generous", range(1, 9)), ("shipped", range(1, 5)))
        for seed in seeds
    ),
]
"""Policies and seeds."""


@dataclass
class Reviewed:
    """A night of a lender, what people answered of it, and where the statements end it."""

    decided: Rows
    answers: Rows
    said: Rows
    book: Book
    """With what was in force as its past."""

    @cached_property
    def meant(self) -> dict[str, Settled]:
        return settled(self.book, self.answers, self.decided)

    def but_for_bound_cases(self) -> dict[str, Settled]:
        """What is left to settle once every case with a bound line is sent back whole."""
        back = {row["case_id"] for row in self.said.values() if row["bound_by"]}
        return {
            name: self.meant[name] for name, answer in self.answers.items() if answer["case_id"] not in back
        }


Weigh = Callable[[Rows], Rows]
"""From answers to rows of `reviewed_line`, as a settlement comes to them."""


@contextmanager
def decided(lender: SmallLender, left: Callable[[list[Row]], None]) -> Iterator[tuple[Book, Rows, Weigh]]:
    """A night of the lender; what was in force after it, as `left` makes it; and the scales."""
    with TemporaryDirectory() as place:
        night = cast(Night, SimpleNamespace(scratch=Path(place)))
        opened = engine.open_engine(night.scratch, threads=1)
        try:
            with opened.cursor() as db, opened.cursor("aside") as aside:
                lender.fill(db)
                prepared(lender, db)
                walk.decide(db, aside)
                rows = rows_of(db, "from decisions")
                in_force = [
                    {name: row[name] for name in db.columns("past_decision")} for row in rows.values()
                ]
                left(in_force)
                stand(lender, db, in_force)

                def weighed(answers: Rows) -> Rows:
                    weigh(night, list(answers.values()))
                    return rows_of(db, "from reviewed_line")

                yield book_of(lender), rows, weighed
        finally:
            engine.close_engine(night.scratch)


def prepared(lender: SmallLender, db: engine.Cursor) -> None:
    caps = lender.caps(db)
    policy, immediate = lender.documents.policy.tables(), immediate_rows(lender.documents)
    walk.prepare(db, policy, caps, immediate, lender.law(db))


def some_settled(in_force: list[Row]) -> None:
    """Some lines stand as an earlier settlement left them: elsewhere, blocked, with an offer."""
    random = Random(len(in_force))
    for row in in_force:
        if random.random() < 0.15:
            row["committed_limit_cents"] = max(row["owed_cents"], row["committed_limit_cents"] * 3 // 4)
        if random.random() < 0.1:
            by = random.random()
            row |= {
                "own_block": True,
                "person_block": by < 0.5,
                "review_block": "income" if by >= 0.7 else None,
            }
        if random.random() < 0.1:
            offered = row["committed_limit_cents"] + 90_000
            row |= {"offered_limit_cents": offered, "offer_until": row["decided_on"]}


def stand(lender: SmallLender, db: engine.Cursor, in_force: list[dict[str, Any]]) -> None:
    """As `leave_standing` does from files, and `prepare_lines` after it."""
    db.raw.execute("create table in_force as from past_decision limit 0")
    db.append("in_force", in_force)
    db.raw.execute("create table night_decision as from decisions")
    db.drop("past_decision")
    db.build("settlements/past_decision")
    for name in ("past_change", "open_case"):
        db.drop(name)
        db.create(f"schema/{name}")
    lender.past = list(rows_of(db, "from past_decision").values())
    lender.changes, lender.open_cases = [], []
    prepared(lender, db)


def rows_of(db: engine.Cursor, query: str) -> Rows:
    table = db.raw.sql(f"{query} order by facility_id").to_arrow_table()
    return {row["facility_id"]: row for row in table.to_pylist()}


def drawn(seed: int, book: Book) -> Rows:
    """Answers to most borrowers' lines, many of them for an amount on a border of what is allowed."""
    random, rooms = Random(seed), dict(_rooms(book))
    answers = {}
    for line in lines_of(book):
        if Random(f"{seed}{line.borrower_id}").random() < 0.3:
            continue
        room = rooms.get(line.id, line.limit)
        amounts = [
            0, line.owed, line.owed - 1, line.limit, line.limit + 1, line.limit * 11 // 10, line.limit * 3,
            line.limit * 9 // 10, room, room + 1, (line.limit + room) // 2,
            *(() if line.ceiling is None else (line.ceiling[0], line.ceiling[0] + 1)),
        ]  # fmt: skip
        outcome = random.choice(OUTCOMES)
        cents = max(0, random.choice(amounts)) if outcome == "another_limit" else None
        answers[line.id] = answer(line.borrower_id, line.id, outcome, cents)
    return answers


def answer(case: str, name: str, outcome: str, cents: int | None = None) -> dict[str, Any]:
    who = {"reason": "income_lower", "decided_by": "wu", "agreed_by": None, "evidence": []}
    return {"case_id": case, "facility_id": name, "outcome": outcome, "limit_cents": cents, **who}


def _sums(book: Book) -> Iterator[Sum]:
    walks = [Walk(line, None) for line in lines_of(book)]  # type: ignore[arg-type]
    yield from _of_policy(walks)
    yield from _of_law(walks)


def _rooms(book: Book) -> Iterator[tuple[str, int]]:
    """Of a line the limit at which it would fill the room that some cap leaves, were it alone to rise."""
    for each in _sums(book):
        free = each.cents - sum(w.line.reporting_limit for w in each.walks)
        for w in each.walks:
            yield w.line.id, w.line.limit + free * 1_000_000 // book.rate_ppm[w.line.currency]


@cache
def larger(policy: str, seed: int) -> Reviewed:
    lender = random_lender(seed, 350, oddness=0.08, nights_before=1.0, policy=policy)
    with decided(lender, some_settled) as (book, rows, weighed):
        answers = drawn(seed, book)
        return Reviewed(rows, answers, weighed(answers), book)


def as_said(row: Mapping[str, Any]) -> Settled:
    return Settled(
        standing=row["standing_limit_cents"],
        asked=row["asked_limit_cents"],
        bound_by=row["bound_by"],
        ends_at=row["ends_at_cents"],
        new=row["new_limit_cents"],
        blocked=row["new_own_block"],
        action=row["action"],
    )


@pytest.mark.parametrize(("policy", "seed"), LENDERS)
def test_every_reviewed_line_ends_as_asked_where_floor_caps_and_law_allow_and_else_is_bound(
    policy: str, seed: int
) -> None:
    found = larger(policy, seed)
    said = {name: as_said(row) for name, row in found.said.items()}
    assert said.keys() == found.answers.keys()
    parted = {name: (said[name], meant) for name, meant in found.meant.items() if said[name] != meant}
    assert parted == {}


@pytest.mark.parametrize(("policy", "seed"), LENDERS)
def test_what_is_settled_passes_no_cap_no_law_and_nothing_that_is_owed(policy: str, seed: int) -> None:
    found = larger(policy, seed)
    rest = found.but_for_bound_cases()
    assert len(rest) > 50
    assert over_caps(found.book, rest) == []
    assert law_broken(found.book, rest) == []
    assert under_owed(found.book, rest) == []
    for name, each in rest.items():
        assert (each.new == each.asked) == (found.said[name]["action"] != "offer")


def test_the_first_of_these_lenders_comes_to_whatever_may_bind_a_line() -> None:
    rows = larger("strict", 4).said.values()
    assert {row["bound_by"] for row in rows} >= {
        None, "quarantined", "in_arrears", "no_consent", "policy_rule", "law_forbids_rise", "default_90_dpd",
        "customer_decrease", "one-borrower", "one-group", "one-consumer-cny",
        "made-up-income-cap", "owed",
    }  # fmt: skip
    assert {row["action"] for row in rows} == {
        "increase", "offer", "decrease", "freeze", "unfreeze", "rate", "hold",
    }  # fmt: skip
    stood = {(row["action"], row["new_own_block"]) for row in rows if row["standing_review_block"]}
    assert stood >= {("freeze", True), ("unfreeze", False), ("decrease", True)}


LIMIT = 1_000_000
GROUP_CAP = 2_300_000
LAW_CAP = 1_400_000
TOLD = {"effective_from": date(2020, 1, 1), "citation": "None.", "checked": False, "because": "A test."}
LAW: tuple[Row, ...] = (
    {"id": "known", "type": "gate", "measure": "income_known", "borrower_type": "enterprise", **TOLD},
    {
        "id": "cap",
        "type": "cap",
        "measure": "borrower_limit_cents",
        "value": LAW_CAP,
        "currency": "CNY",
        "borrower_type": "consumer",
        **TOLD,
    },
)


@pytest.fixture(scope="module")
def few() -> Iterator[Weigh]:
    """Two borrowers tied by control under a tight cap, and one line for each thing that bounds a rise."""
    documents = load_documents(AS_OF)
    pack = documents.packs["cn"]
    pack = pack.model_copy(update={"record": (*pack.record, *map(Record.model_validate, LAW))})
    caps = [
        cap.model_copy(update={"cap_cents": GROUP_CAP}) if cap.id == "one-group-cny" else cap
        for cap in documents.policy.exposure_cap
        if cap.id != "one-group"
    ]
    policy = documents.policy.model_copy(update={"exposure_cap": caps})
    lender = SmallLender(
        documents=replace(documents, policy=policy, packs={**documents.packs, "cn": pack}), threads=1
    )
    for name in ("one", "two", "agreed", "own wish", "rich"):
        lender.borrower(name, net_monthly_income_cents=90_000_000)
        lender.line(name, name, last_reviewed_on=AS_OF, statement_day=25)
    lender.add("control_link", borrower_id="one", related_borrower_id="two")
    agreed = {"facility_id": "agreed", "amount_cents": 1_100_000}
    lender.add("consent", borrower_id="agreed", kind="limit_increase", **agreed)
    lender.borrower("firm", **ENTERPRISE)
    lender.line("firm", "firm", product="working_capital", commitment="committed")

    lender.borrower("stopped")
    lender.line("stopped", "stopped", last_reviewed_on=AS_OF, statement_day=25)
    lender.borrower("late since")
    lender.line("late since", "late since", days_past_due=90)

    def wished(in_force: list[Row]) -> None:
        (row,) = (row for row in in_force if row["facility_id"] == "own wish")
        row |= {"customer_limit_cents": 1_150_000, "customer_limit_on": AS_OF}
        for row in in_force:
            if row["facility_id"] in ("stopped", "late since"):
                row |= {"own_block": True, "review_block": "income"}

    with decided(lender, wished) as (_, _, weighed):
        yield weighed


def asking(weighed: Weigh, **limits: int) -> dict[str, tuple[str | None, int | None, str]]:
    """Where lines end for which people ask these limits, each a case of its own."""
    names = {name: name.replace("_", " ") for name in limits}
    found = weighed(
        {names[n]: answer(names[n], names[n], "another_limit", cents) for n, cents in limits.items()}
    )
    return {name: (row["bound_by"], row["ends_at_cents"], row["action"]) for name, row in found.items()}


def test_two_cases_of_a_group_whose_rises_together_pass_its_cap_are_both_sent_back(few: Weigh) -> None:
    assert asking(few, one=1_300_000) == {"one": (None, None, "increase")}
    assert asking(few, two=1_300_000) == {"two": (None, None, "increase")}
    bound = ("one-group-cny", LIMIT, "increase")
    assert asking(few, one=1_300_000, two=1_000_001) == {"one": bound, "two": bound}
    rises = asking(few, one=1_200_000, two=1_100_000)
    assert rises == {"one": (None, None, "increase"), "two": (None, None, "increase")}


def test_a_cut_of_the_same_settlement_frees_no_room_that_would_be_gone_were_it_sent_back(few: Weigh) -> None:
    found = asking(few, one=1_300_001, two=900_000)
    assert found == {"one": ("one-group-cny", LIMIT, "increase"), "two": (None, None, "decrease")}


def test_a_rise_ends_where_the_word_of_the_borrower_does(few: Weigh) -> None:
    assert asking(few, agreed=1_100_000, own_wish=1_150_000) == {
        "agreed": (None, None, "increase"),
        "own wish": (None, None, "increase"),
    }
    assert asking(few, agreed=1_100_001, own_wish=1_150_001) == {
        "agreed": ("consented_amount", 1_100_000, "increase"),
        "own wish": ("customer_decrease", 1_150_000, "increase"),
    }


@pytest.mark.parametrize(
    ("outcome", "cents", "action", "blocked"),
    [
        ("keep", None, "unfreeze", False),
        ("approve", None, "unfreeze", False),
        ("another_limit", LIMIT, "unfreeze", False),
        ("another_limit", LIMIT - 1, "decrease", True),
        ("another_limit", LIMIT + 1, "increase", True),
        ("freeze", None, "freeze", True),
    ],
)
def test_what_stood_while_people_were_asked_ends_with_an_answer_that_moves_nothing_else(
    few: Weigh, outcome: str, cents: int | None, action: str, blocked: bool
) -> None:
    row = few({"stopped": answer("c", "stopped", outcome, cents)})["stopped"]
    assert (row["bound_by"], row["action"], row["new_own_block"]) == (None, action, blocked)


def test_it_stays_for_a_cause_that_the_gate_has_by_then(few: Weigh) -> None:
    row = few({"late since": answer("c", "late since", "keep")})["late since"]
    assert (row["action"], row["new_own_block"]) == ("hold", True)


def test_what_the_law_forbids_or_caps_no_committee_grants(few: Weigh) -> None:
    assert asking(few, firm=1_000_001)["firm"][0] == "law_forbids_rise"
    assert asking(few, firm=999_999)["firm"] == (None, None, "decrease")
    assert asking(few, rich=LAW_CAP)["rich"][0] is None
    assert asking(few, rich=LAW_CAP + 1)["rich"][:2] == ("cap", LIMIT)
