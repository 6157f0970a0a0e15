"""Reviewers at the console: they take cases, give them back, and see how one stands."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.cli import app
from ledger import open_ledger
from linewatch.casework import Done
from linewatch.errors import DataRefused, LinewatchError
from tasks.casework import claim, claim_next
from tests.flows.console import alone, here
from tests.ledger.small_lender import Wish, a_night, papers, run, write_source

AS_OF = date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REGISTER = """
[[people]]
id = "wu"
roles = ["reviewer"]
amount_limit_cents = 0

[[people]]
id = "ann"
roles = ["approver"]
amount_limit_cents = 0
"""


def opened(place: Path, register: str = "") -> Path:
    """A home with a night that opened cases of three borrowers, under a profile with this register."""
    lines = {f"F{number}": Wish(100, 90, "person") for number in (0, 2, 4)}
    given = papers()
    *others, profile = given.sources
    text = profile.text + register
    profile = replace(profile, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())
    given = replace(given, sources=(*others, profile))
    made = a_night(place / "home", write_source(place / "source", lines), AS_OF, AT, given)
    return run(made).home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return opened(tmp_path)


@pytest.fixture
def typed(home: Path) -> Any:
    """Types `linewatch queue WORDS`; the exit code and what it answers or refuses."""

    def typed(*words: object) -> tuple[int, Any]:
        given = ["queue", *map(str, words), "--home", str(home)]
        command, bound, _ = app.parse_args(given, exit_on_error=False, print_error=False)
        try:
            reply = command(*bound.args, **bound.kwargs)
        except LinewatchError as refused:
            return refused.exit_code, refused.what
        return reply.exit_code, reply.content

    return typed


def cases(home: Path) -> list[str]:
    return sorted(case.case_id for case in open_ledger(home).cases.open())


def test_a_case_is_taken_once_given_back_and_taken_by_another(home: Path, typed: Any) -> None:
    first, second, _ = cases(home)
    assert typed("claim", first, "--by", "wu") == (0, {"done": [first], "refused": {}})
    code, told = typed("claim", first, second, "--by", "li")
    assert (code, told) == (2, {"done": [second], "refused": {first: "wu has claimed it"}})
    assert typed("release", first, "--by", "li", "--because", "wu is away")[0] == 0
    assert typed("claim", first, "--by", "li")[0] == 0
    code, told = typed("case", first)
    assert (code, told["stage"], told["holder"], told["due_on"]) == (0, "waiting", "li", "2026-11-26")
    assert [(event["kind"], event["by"]) for event in told["events"]] == [
        ("opened", "linewatch"),
        ("claimed", "wu"),
        ("released", "li"),
        ("claimed", "li"),
    ]


def test_the_next_ones_are_those_that_nobody_has_in_the_order_of_the_queue(home: Path, typed: Any) -> None:
    first, second, third = cases(home)
    typed("claim", second, "--by", "wu")
    queue = [third, third, second, first]  # a case has a row for each of its lines
    assert claim_next(home, queue, 2, by="li", recorded_at=AT).done == (third, first)
    assert claim_next(home, queue, 2, by="chen", recorded_at=AT).done == ()


def test_an_appeal_opens_a_closed_case_again(home: Path, typed: Any) -> None:
    first, *_ = cases(home)
    assert typed("appeal", first, "--by", "li", "--because", "They wrote.")[0] == 2
    open_ledger(home).cases.work([(first, Done("lapsed", "linewatch"))], AT)
    assert first not in cases(home)
    assert typed("case", first)[1]["due_on"] is None
    assert typed("claim", first, "--by", "wu")[1]["refused"] == {
        first: "it is closed; an appeal of the borrower reopens it"
    }
    assert typed("appeal", first, "--by", "li", "--because", "They wrote.")[0] == 0
    assert first in cases(home)
    told = typed("case", first)[1]
    assert told["events"][-1]["because"] == "They wrote."
    assert told["due_on"] == open_ledger(home).cases.events(first)[-1].content["due_on"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("claim", "--by", "wu"), "Name the cases to take"),
        (("claim", "C1", "--next", 1, "--by", "wu"), "Name the cases to take"),
        (("claim", "C1", "--by", " "), "--by must say something"),
        (("release", "--by", "wu"), "Name the cases to give back"),
        (("appeal", "C1", "--by", "wu", "--because", " "), "--because must say something"),
        (("case", "C1"), "There is no case 'C1'"),
        (("claim", "--next", 1, "--team", "nobody", "--by", "wu"), "There is no team 'nobody'"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_done(
    home: Path, typed: Any, words: tuple[object, ...], what: str
) -> None:
    before = len(open_ledger(home).log.entries())
    code, told = typed(*words)
    assert code == 2
    assert what in told
    assert len(open_ledger(home).log.entries()) == before


def test_where_people_are_registered_only_reviewers_work_on_cases(tmp_path: Path) -> None:
    home = opened(tmp_path, REGISTER)
    first, *_ = cases(home)
    for name in ("ann", "somebody"):
        with pytest.raises(DataRefused, match=f"{name!r} may not work on cases: .* names wu as reviewer"):
            claim(home, [first], by=name, recorded_at=AT)
    assert claim(home, [first], by="wu", recorded_at=AT).done == (first,)
    assert open_ledger(home).cases.events(first)[-1].content == {"registered": True}


def test_a_person_reads_who_has_a_case_and_why_they_cannot_have_it(home: Path) -> None:
    first, *_ = cases(home)
    assert here("queue", "claim", first, "--by", "wu", "--home", home).out == f"{first}: taken\n"
    refused = alone("queue", "claim", first, "--by", "li", "--home", home)
    assert (refused.exit_code, refused.out) == (2, "")
    assert refused.err.strip() == f"{first}: wu has claimed it"
    assert here("queue", "claim", "nosuch", "--by", "li", "--home", home).err.splitlines() == [
        "nosuch: there is no such case",
        f"linewatch queue show --home {home} lists the open cases by their keys.",
    ]
    shown = here("queue", "case", first, "--home", home).out.splitlines()
    assert shown[0] == f"{first}: waiting, due 2026-11-26, wu has it"
    assert [line.split()[2] for line in shown[1:]] == ["opened", "claimed"]


def test_whether_the_review_is_real_is_told_and_left_as_a_page(home: Path, typed: Any) -> None:
    first, *_ = cases(home)
    lines = {"lines": [{"facility_id": "F0", "outcome": "keep"}], "second_look": ""}
    open_ledger(home).cases.work([(first, Done("decided", "wu", "", lines))], AT)
    code, told = typed("report", "--since", AT.date())
    assert (code, told["overridden"]["cases"], told["head"]["since"]) == (0, 1, "2026-11-22")
    assert typed("report", "--since", AS_OF + timedelta(days=2))[1]["overridden"]["cases"] == 0
    page = Path(told["paths"]["page"])
    assert page == home / "out" / "2026-11-21" / "review.html"
    shown = alone("queue", "report", "--home", home)
    assert shown.out.splitlines()[0] == "Night of 2026-11-21, answers since 2025-11-21; cases decided: 1"
    assert shown.out.splitlines()[-1] == f"  page         {page}"
    assert here("queue", "report", "--home", home, "--json").answer["alarms"] == []
