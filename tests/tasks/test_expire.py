"""When the day of a case passes: a rise lapses, anything else goes up, and no limit moves, ever."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tasks.expire
from ledger import Ledger, open_ledger
from linewatch import fault
from linewatch.case import KINDS, due_on
from linewatch.casework import Casework, Done, Stage, step, why_not
from linewatch.documents import Source
from linewatch.workdays import works
from tasks.casework import appeal
from tasks.expire import Expired, expire_due
from tasks.export import export_queue
from tests.ledger.test_the_record import POLICY, a_batch
from tests.postgres import fresh_database
from tests.tasks.decisions_fixture import committed_home, decrease, line

AS_OF = date(2026, 11, 20)
AT = datetime(2026, 11, 21, 1, 15, tzinfo=UTC)
CALENDAR = "CN"
PROFILE = Source(
    "profile",
    "house",
    "1",
    date(2026, 1, 1),
    "e" * 64,
    f'calendar = "{CALENDAR}"\ntime_zone = "Asia/Shanghai"\nlicence = "bank"\n',
    Path("profile.toml"),
)
ACTIONS = ("increase", "offer", "hold", "decrease", "freeze")


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Of a record that is empty, on each database."""
    if request.param == "postgresql":
        monkeypatch.setenv("LINEWATCH_LEDGER", fresh_database("ledger"))
    yield tmp_path / "home"
    fault.arm(None)


def case(name: str, *actions: str, kind: str = "desk_review", due: date | None = None) -> dict[str, Any]:
    """A case of a line an action, as refer writes one on AS_OF."""
    lines = [f"F-{name}-{at}" for at in range(len(actions))]
    told = [{"facility_id": each, "action": action} for each, action in zip(lines, actions, strict=True)]
    return {
        "case_id": name,
        "facility_id": lines[0],
        "borrower_id": f"B-{name}",
        "kind": kind,
        "opened_on": AS_OF,
        "due_on": due or due_on(AS_OF, kind, CALENDAR),
        "facility_ids": lines,
        "evidence": json.dumps({"lines": told}),
    }


def night(home: Path, days: int, *cases: Mapping[str, Any]) -> date:
    """Commit the night so many days after AS_OF; its as_of."""
    as_of = AS_OF + timedelta(days=days)
    open_ledger(home).commit_batch(
        a_batch(as_of), documents=[POLICY, PROFILE], cases_opened=cases, recorded_at=moment(days)
    )
    return as_of


def moment(days: int) -> datetime:
    return AT + timedelta(days=days)


def expired(home: Path, days: int) -> Expired:
    return expire_due(home, AS_OF + timedelta(days=days), moment(days))


def kinds(ledger: Ledger, name: str) -> list[str]:
    return [event.kind for event in ledger.cases.events(name)]


def test_a_case_is_left_alone_until_its_day_has_passed(home: Path) -> None:
    night(home, 0, case("C1", "increase"), case("C2", "decrease"))
    ledger = open_ledger(home)
    assert {each.due_on for each in ledger.cases.waiting()} == {AS_OF + timedelta(days=5)}
    for days in (1, 4, 5):
        night(home, days)
        entries = len(ledger.log.entries())
        assert expired(home, days) == Expired(0, 0)
        assert expired(home, days).notes == ()
        assert len(ledger.log.entries()) == entries
    night(home, 6)
    found = expired(home, 6)
    assert found == Expired(lapsed=1, escalated=1)
    assert "1 with nothing but rises lapsed, 1 go up" in found.notes[0]
    assert (kinds(ledger, "C1")[-1], kinds(ledger, "C2")[-1]) == ("lapsed", "escalated")
    assert [each.case_id for each in ledger.cases.open()] == ["C2"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_goes_up_is_given_its_kinds_days_anew_and_goes_up_again_when_those_pass(
    home: Path, kind: str
) -> None:
    night(home, 0, case("C1", "decrease", kind=kind))
    ledger = open_ledger(home)
    days = 60
    for _ in range(2):
        as_of = night(home, days)
        assert expired(home, days) == Expired(0, 1)
        (waiting,) = ledger.cases.waiting()
        assert waiting.due_on == due_on(as_of, kind, CALENDAR)
        assert works(CALENDAR, waiting.due_on)
        days += 30
    assert ledger.cases.escalated() == 1


def test_a_case_that_was_sent_on_is_given_the_days_of_what_it_became(home: Path) -> None:
    night(home, 0, case("C1", "decrease"))
    ledger = open_ledger(home)
    visit = {"kind": "site_visit", "due_on": "2026-12-04", "lines": []}
    ledger.cases.work([("C1", Done("sent_on", "wu", "", visit))], moment(1))
    night(home, 10)
    assert expired(home, 10) == Expired(0, 0)
    as_of = night(home, 15)
    assert expired(home, 15) == Expired(0, 1)
    assert [each.due_on for each in ledger.cases.waiting()] == [due_on(as_of, "site_visit", CALENDAR)]


def test_the_days_are_those_of_the_calendar_that_the_night_was_run_under(home: Path) -> None:
    before_the_feast = (date(2026, 9, 30) - AS_OF).days
    night(home, before_the_feast, case("C1", "decrease", due=date(2026, 9, 25)))
    assert expired(home, before_the_feast) == Expired(0, 1)
    (waiting,) = open_ledger(home).cases.waiting()
    assert waiting.due_on == date(2026, 10, 10)


def test_expiring_again_does_nothing_again(home: Path) -> None:
    night(home, 0, *(case(f"C{at}", ACTIONS[at % 5]) for at in range(20)))
    night(home, 30)
    assert expired(home, 30) == Expired(lapsed=8, escalated=12)
    ledger = open_ledger(home)
    stand, entries = ledger.cases.standing(), ledger.log.entries()
    assert expired(home, 30) == Expired(0, 0)
    assert (ledger.cases.standing(), ledger.log.entries()) == (stand, entries)


class CutOff(Exception):
    """Raised in place of a kill."""


@pytest.mark.parametrize("boundary", ["expire.cases:before", "expire.cases:after"])
@pytest.mark.parametrize("reached", [1, 2, 3])
def test_cut_off_at_any_point_it_goes_on_where_it_was(
    home: Path, boundary: str, reached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.expire, "AT_ONCE", 7)
    night(home, 0, *(case(f"C{at:02}", ACTIONS[at % 5]) for at in range(20)))
    night(home, 30)
    left = [reached]

    def cut(point: str) -> None:
        left[0] -= point == boundary
        if not left[0]:
            raise CutOff

    fault.arm(cut)
    with pytest.raises(CutOff):
        expired(home, 30)
    fault.arm(None)
    expired(home, 30)
    ledger = open_ledger(home)
    ended = ["lapsed" if at % 5 < 2 else "escalated" for at in range(20)]
    assert [kinds(ledger, f"C{at:02}") for at in range(20)] == [["opened", each] for each in ended]


def test_a_case_that_was_decided_meanwhile_is_left_alone_and_one_that_is_held_is_given_back(
    home: Path,
) -> None:
    night(home, 0, *(case(name, "decrease") for name in ("C1", "C2", "C3")))
    ledger = open_ledger(home)
    acts = [("C1", Done("decided", "wu")), ("C2", Done("claimed", "wu"))]
    ledger.cases.work(acts, moment(1))
    night(home, 30)
    assert expired(home, 30) == Expired(0, 2)
    stand = ledger.cases.standing()
    assert (stand["C1"].stage, stand["C2"].stage, stand["C2"].holder) == (Stage.READY, Stage.WAITING, "")
    assert kinds(ledger, "C1") == ["opened", "decided"]


def test_an_appeal_is_given_a_day_and_does_not_lapse_a_second_time(home: Path) -> None:
    night(home, 0, case("C1", "increase", kind="interview"))
    night(home, 30)
    assert expired(home, 30) == Expired(1, 0)
    evening = moment(30) + timedelta(hours=20)  # the next day has begun in Shanghai
    told = appeal(home, "C1", by="li", because="They wrote.", recorded_at=evening)
    assert told.done == ("C1",)
    (waiting,) = open_ledger(home).cases.waiting()
    assert waiting.due_on == due_on(AS_OF + timedelta(days=32), "interview", CALENDAR)
    night(home, 33)
    assert expired(home, 33) == Expired(0, 0)
    night(home, 60)
    assert expired(home, 60) == Expired(0, 1)
    assert appeal(home, "C9", by="li", because="They wrote.", recorded_at=moment(61)).refused == {
        "C9": "there is no such case"
    }


def test_people_who_decide_while_cases_expire_lose_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each event was let in where the case stood then, and whoever was told so has decided."""
    monkeypatch.setattr(tasks.expire, "AT_ONCE", 5)
    names = [f"C{at:03}" for at in range(60)]
    night(home, 0, *(case(name, ACTIONS[at % 5]) for at, name in enumerate(names)))
    night(home, 30)
    told: dict[str, str] = {}
    ready = threading.Barrier(2)

    def reviewer() -> None:
        mine = open_ledger(home)
        ready.wait()
        for name in reversed(names):
            (told[name],) = mine.cases.work([(name, Done("decided", "wu", "", {"lines": []}))], moment(30))

    thread = threading.Thread(target=reviewer)
    thread.start()
    ready.wait()
    expired(home, 30)
    thread.join()
    ledger = open_ledger(home)
    for name, work in ledger.cases.standing(names).items():
        assert work.stage is (Stage.CLOSED if told[name] else Stage.READY), kinds(ledger, name)
        assert rightly(ledger.cases.events(name))


def rightly(events: Iterable[Done]) -> bool:
    """Whether each of the events might be let in where those before left the case."""
    work = Casework()
    for event in events:
        if why_not(work, event):
            return False
        work = step(work, event)
    return True


def everything_but_cases(home: Path) -> tuple[Any, ...]:
    """All that could move a limit: batches, what is due, approvals, and the bytes that lie there."""
    ledger = open_ledger(home)
    known = ledger.batches()
    files = sorted(
        path for path in home.rglob("*") if path.is_file() and not path.name.startswith("ledger.db")
    )
    return (
        known,
        ledger.pending(),
        [ledger.approvals(each) for each in known],
        {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    )


done_by_people = st.sampled_from(
    [
        Done("claimed", "wu"),
        Done("released", "li"),
        Done("decided", "wu", "", {"lines": []}),
        Done("decided", "wu", "", {"lines": [], "second_look": "amount"}),
        Done("agreed", "li", "", {"lines": []}),
        Done("disagreed", "li", "", {"lines": []}),
        Done("more_asked", "wu", "", {"lines": []}),
        Done("sent_on", "wu", "", {"lines": [], "kind": "site_visit", "due_on": "2026-12-15"}),
        Done("reopened", "li", "They wrote.", {"due_on": "2026-12-20"}),
        Done("evidence_added", "wu", "", {"sha256": "0" * 64}),
    ]
)
steps = st.tuples(st.integers(1, 25), st.lists(st.tuples(st.integers(0, 3), done_by_people), max_size=6))


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3), st.sampled_from(sorted(KINDS))),
        min_size=4,
        max_size=4,
    ),
    st.lists(steps, min_size=1, max_size=5),
)
def test_nothing_that_expires_is_cut_ever(
    opened: Sequence[tuple[Sequence[str], str]], nights: Sequence[tuple[int, Sequence[tuple[int, Done]]]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        home, days = Path(place) / "home", 0
        cases = [case(f"C{at}", *actions, kind=kind) for at, (actions, kind) in enumerate(opened)]
        night(home, days, *cases)
        ledger = open_ledger(home)
        for later, acts in nights:
            days += later
            as_of = night(home, days)
            ledger.cases.work([(f"C{at}", act) for at, act in acts], moment(days))
            before = {name: kinds(ledger, name) for name in (each["case_id"] for each in cases)}
            stood = ledger.cases.standing(before)
            passed = set(ledger.cases.past_due(as_of))
            untouched = everything_but_cases(home)
            expired(home, days)
            assert everything_but_cases(home) == untouched
            for (actions, _), name in zip(opened, before, strict=True):
                added = kinds(ledger, name)[len(before[name]) :]
                assert added in ([], ["lapsed"], ["escalated"])
                waits = stood[name].stage in (Stage.WAITING, Stage.SECOND_LOOK)
                assert bool(added) == (name in passed and waits)
                if added == ["lapsed"]:
                    assert set(actions) <= {"increase", "offer"}
                    assert not stood[name].read
                assert rightly(ledger.cases.events(name))
            left = ledger.cases.past_due(as_of)
            assert all(stood[name].stage is Stage.READY for name in left)


def test_the_queue_of_the_night_shows_what_became_of_its_cases(tmp_path: Path) -> None:
    rise = line(
        "F1", borrower_id="B1", action="increase", proposed_limit_cents=1_400_000, route="referred",
        triggers=["pd_near_edge"],
    )  # fmt: skip
    cut = decrease("F2", borrower_id="B2", route="referred", triggers=["large_decrease"])
    home = committed_home(tmp_path, [rise, cut], as_of=AS_OF)
    later = AS_OF + timedelta(days=30)
    carried = [each._asdict() for each in open_ledger(home).cases.waiting()]
    committed_home(home, [rise, cut], as_of=later, open_case=carried)
    assert expire_due(home, later, moment(30)) == Expired(lapsed=1, escalated=1)
    shown = export_queue(home, later, "csv").path.read_text(encoding="utf-8-sig")
    assert "F1" not in shown
    assert f"{due_on(later, 'desk_review', CALENDAR)},F2," in shown
