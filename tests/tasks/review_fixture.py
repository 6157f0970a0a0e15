"""A lender of twenty referred lines, whose cases three people answer, and what later nights find of them.

Every number that tests expect of the report is counted by hand from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ledger import Ledger, NewBatch, StoredFile, open_ledger
from linewatch.casework import Done
from linewatch.documents import Source
from tests.tasks.decisions_fixture import committed_home, decrease, line, sources

READ_ON = date(2026, 11, 23)
"""A Monday. Ninety days later it is 2027-02-21, a hundred and eighty 2027-05-22."""
NEWEST = date(2027, 6, 4)
PROPOSED, STANDING = 800_000, 1_200_000
NAMES = [f"F{number:02}" for number in range(1, 21)]
TRIGGERS = {
    **{name: ["large_decrease"] for name in NAMES[:10]},
    **{name: ["large_decrease", "pd_near_edge"] for name in NAMES[10:16]},
    **{name: ["fraud_suspected"] for name in NAMES[16:18]},  # a telephone call; the others are desk reviews
    "F19": ["human_review"],
    "F20": ["unknown_share"],
}
GRADES = {**dict.fromkeys(NAMES[:10], "E"), **dict.fromkeys(NAMES[10:18], "F"), "F19": "C", "F20": "E"}


def first_night(home: Path) -> Ledger:
    """Opens a case for each line; F09 is late already, F19 is to rise, of F20 nothing is proposed."""
    lines = [
        decrease(name, triggers=TRIGGERS[name], grade=GRADES[name], route="referred")
        for name in NAMES[:18]
        if name != "F09"
    ]
    common = {"route": "referred", "grade": "E"}
    lines += [
        decrease("F09", triggers=TRIGGERS["F09"], **common, days_past_due=35),
        line("F19", triggers=TRIGGERS["F19"], route="referred", grade="C", proposed_limit_cents=1_400_000),
        line("F20", triggers=TRIGGERS["F20"], **common),
    ]
    return open_ledger(committed_home(home, lines))


def case_of(ledger: Ledger) -> dict[str, str]:
    return {case.facility_id: case.case_id for case in ledger.cases.open()}


def at(clock: str, day: date = READ_ON) -> datetime:
    """A time of UTC; the lender's clock is eight hours ahead."""
    return datetime.fromisoformat(f"{day}T{clock}+00:00")


def said(name: str, outcome: str, limit_cents: int | None = None, **more: Any) -> dict[str, Any]:
    """What an answer to the case of a line keeps."""
    proposed = {"F19": 1_400_000, "F20": STANDING}.get(name, PROPOSED)
    told = {
        "facility_id": name,
        "outcome": outcome,
        "limit_cents": limit_cents,
        "reason": "newer_information",
        "note": "Frau Zqx rief an.",
        "proposed_limit_cents": proposed,
        "standing_limit_cents": STANDING,
        "grade": GRADES[name],
        "triggers": TRIGGERS[name],
    }
    return {"registered": False, "lines": [told], **more}


def act(ledger: Ledger, when: datetime, *acts: tuple[str, str, str, dict[str, Any]]) -> None:
    """Do these at once: line, kind of event, by whom, its content."""
    known = case_of(ledger)
    done = [(known[name], Done(kind, by, "", content)) for name, kind, by, content in acts]
    assert ledger.cases.work(done, when) == [""] * len(done)


def first_readings(ledger: Ledger) -> None:
    """wu takes ten and decides one after the other; li sends seven in a file, and takes three."""
    act(ledger, at("01:00:00"), *((name, "claimed", "wu", {}) for name in NAMES[:10]))
    given = {"F01": ("keep",), "F02": ("keep",), "F03": ("another_limit", 900_000)}
    given["F04"] = ("another_limit", PROPOSED)  # in other words what was proposed
    for number, name in enumerate(NAMES[:10]):
        again = {"second_look": "sampled" if number < 8 else "amount" if name == "F10" else ""}
        content = said(name, *given.get(name, ("approve",)), **again)
        act(ledger, at("01:00:20") + timedelta(minutes=2 * number), (name, "decided", "wu", content))
    once = {"second_look": ""}
    of_file = [
        (name, "decided", "li", said(name, "freeze" if name == "F11" else "approve", **once))
        for name in NAMES[10:16]
    ]
    act(ledger, at("03:00:00"), *of_file, ("F20", "decided", "li", said("F20", "keep", **once)))
    act(ledger, at("04:00:00"), *((name, "claimed", "li", {}) for name in ("F17", "F18")))
    act(ledger, at("04:02:00"), ("F17", "decided", "li", said("F17", "keep", **once)))
    act(ledger, at("04:10:00"), ("F18", "decided", "li", said("F18", "approve", **once)))
    act(ledger, at("05:00:00"), ("F19", "claimed", "li", {}))
    act(ledger, at("05:00:29"), ("F19", "decided", "li", said("F19", "approve", **once)))


def second_readings(ledger: Ledger) -> None:
    """li looks after eight of wu's; on three they differ. chen decides one of these anew."""
    second = {
        "F01": ("agreed", "keep"),
        "F02": ("disagreed", "approve"),
        "F03": ("agreed", "another_limit", 900_000),
        "F04": ("disagreed", "approve"),
        "F05": ("agreed", "approve"),
        "F06": ("agreed", "approve"),
        "F07": ("disagreed", "keep"),
        "F08": ("agreed", "approve"),
    }
    for number, (name, (kind, *answer)) in enumerate(second.items()):
        when = at("06:00:00") + timedelta(minutes=5 * number)
        act(ledger, when, (name, kind, "li", said(name, *answer)))
    act(ledger, at("07:00:00"), ("F02", "decided", "chen", said("F02", "keep", second_look="")))
    act(ledger, at("07:30:00"), ("F07", "more_asked", "chen", said("F07", "ask_more")))
    act(ledger, at("08:00:00"), ("F04", "more_asked", "wu", said("F04", "ask_more")))


def batch(
    ledger: Ledger, kind: str, as_of: date, files: Mapping[str, list[dict[str, Any]]], **counts: Any
) -> NewBatch:
    """A batch with files of these rows."""
    root = hashlib.sha256(f"{as_of}-{kind}".encode()).hexdigest()
    name = f"{as_of}-{kind}-{root[:12]}"
    (ledger.home / "batches" / name).mkdir(parents=True)
    stored = {}
    for file, rows in files.items():
        path = f"batches/{name}/{file}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, SHAPES[file]), ledger.home / path)
        stored[file] = StoredFile(path, "0" * 64, 1, len(rows))
    return NewBatch(
        batch=name,
        kind=kind,
        as_of=as_of,
        root=root,
        source="generated",
        source_identity="1" * 64,
        documents_identity="2" * 64,
        snapshot="",
        folder=f"batches/{name}",
        files=stored,
        counts=counts,
        version="test",
    )


SHAPES = {
    "decisions": pa.schema({"facility_id": pa.string(), "days_past_due": pa.int32()}),
    "absent": pa.schema({"facility_id": pa.string()}),
    "changes": pa.schema(
        {"facility_id": pa.string(), "old_limit_cents": pa.int64(), "new_limit_cents": pa.int64()}
    ),
}


def later_night(
    ledger: Ledger,
    as_of: date,
    late: Mapping[str, int] | None = None,
    gone: Iterable[str] = (),
    absent: Iterable[str] = (),
    changes: Mapping[str, tuple[int, int]] | None = None,
    cases: Iterable[Mapping[str, Any]] = (),
) -> None:
    """A night that finds these lines so many days past due, others gone, and changes the limits of some."""
    files: dict[str, list[dict[str, Any]]] = {
        "decisions": [
            {"facility_id": name, "days_past_due": (late or {}).get(name, 0)}
            for name in NAMES
            if name not in (*gone, *absent)
        ],
        "absent": [{"facility_id": name} for name in absent],
        "changes": [
            {"facility_id": name, "old_limit_cents": old, "new_limit_cents": new}
            for name, (old, new) in (changes or {}).items()
        ],
    }
    ledger.commit_batch(
        batch(ledger, "night", as_of, files),
        documents=papers(),
        cases_opened=cases,
        recorded_at=datetime(as_of.year, as_of.month, as_of.day, 17, 15, tzinfo=UTC),
    )


def papers() -> tuple[Source, ...]:
    """The shipped documents; in the profile a calendar that is known for years, and what two teams can do."""
    return tuple(_profile(source) if source.kind == "profile" else source for source in sources())


def _profile(source: Source) -> Source:
    text = (
        source.text.replace('calendar = "CN"', 'calendar = "US"')
        + "\n[review_capacity]\ndesk = 4\nfield = 1\n"
    )
    return replace(source, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def settle(ledger: Ledger, name: str) -> None:
    """A settlement upon the newest night that takes in one line: what was proposed."""
    newest = ledger.newest()
    assert newest is not None
    changes = [{"facility_id": name, "old_limit_cents": STANDING, "new_limit_cents": PROPOSED}]
    case = case_of(ledger)[name]
    work = ledger.cases.standing([case])[case]
    ledger.settle(
        batch(ledger, "settlement", newest.as_of, {"changes": changes}, of=newest.seq),
        {case: (work, Done("settled", "linewatch", "", {"lines": []}))},
        recorded_at=at("18:00:00"),
    )


def coming(number: int, due_on: date, kind: str = "desk_review") -> dict[str, Any]:
    name = f"N{number:02}"
    opened = {"case_id": f"C{name}", "facility_id": name, "borrower_id": f"B-{name}", "kind": kind}
    return {**opened, "opened_on": NEWEST, "due_on": due_on, "triggers": ["large_exposure"]}


def read_home(home: Path) -> Path:
    """The whole of it."""
    ledger = first_night(home)
    first_readings(ledger)
    second_readings(ledger)
    later_night(ledger, READ_ON, late={"F09": 36})
    settle(ledger, "F05")
    later_night(
        ledger,
        date(2027, 1, 10),
        late={"F06": 30, "F11": 31, "F09": 84, "F10": 29},
        gone=["F12"],
        absent=["F13"],
        changes={"F08": (800_000, 700_000), "F01": (1_200_000, 1_300_000)},
    )
    later_night(ledger, date(2027, 2, 22), late={"F14": 45}, gone=["F12"], absent=["F13"])
    later_night(
        ledger,
        date(2027, 5, 22),
        gone=["F12", "F15"],
        absent=["F13"],
        changes={"F02": (1_200_000, 1_000_000)},
    )
    due = {1: date(2027, 5, 26), **dict.fromkeys(range(2, 7), date(2027, 6, 8)), 7: date(2027, 6, 12)}
    cases = [coming(number, due.get(number, date(2027, 7, 30))) for number in range(1, 50)]
    cases.append(coming(50, date(2027, 6, 21), "interview"))
    later_night(ledger, NEWEST, gone=["F12", "F15", "F16"], absent=["F13"], cases=cases)
    return home
