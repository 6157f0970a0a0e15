"""A file and the event that names it come together, on each database, whoever is killed or sweeps then."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import open_ledger
from linewatch import fault
from linewatch.casework import Done
from linewatch.errors import DataRefused, NoRoom
from linewatch.evidence import FOLDER
from tasks.access import erase
from tasks.prune import planned, prune
from tests.cutting import cut_off_at
from tests.tasks.kept_nights import WHO
from tests.tasks.laid_evidence import (
    AT,
    LATER,
    LINES,
    PHOTOGRAPH,
    a_file,
    case_of,
    faults,
    files,
    lay,
    lender,
    named,
    swept,
)

POINTS = (
    "evidence.copy:inside",
    "evidence.copy:after",
    "evidence.file:before",
    "evidence.file:after",
    "evidence.event:after",
)
RULE = """
[[retention]]
kind = "case_files"
effective_from = 2020-01-01
months = 12
because = "a test"
"""
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from linewatch import chance, fault
from tasks.evidence import add
chance.comes_from(os.urandom)
fault.kill_at(sys.argv[1])
at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
given = {"by": "wu", "item": "see_permits", "because": "", "recorded_at": at}
add(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]), **given)
"""


@pytest.fixture
def home(tmp_path: Path, database: str) -> Path:
    return lender(tmp_path)


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    fault.arm(None)


def events(home: Path, case: str) -> list[tuple[str, str]]:
    return [(event.kind, event.by) for event in open_ledger(home).cases.events(case)]


def test_a_file_lies_there_once_however_often_and_for_whatever_it_is_added(
    home: Path, tmp_path: Path
) -> None:
    case, other = case_of(home, "B0"), case_of(home, "B1")
    file = a_file(tmp_path)
    first = lay(home, case, file, "see_permits", because="The permit of 2025.")
    assert (first.new, first.evidence.bytes, first.evidence.media_type) == (
        True,
        len(PHOTOGRAPH),
        "image/jpeg",
    )
    path = home / first.evidence.path
    assert path.read_bytes() == PHOTOGRAPH
    assert path.stat().st_mode & 0o777 == 0o600
    before = open_ledger(home).log.standing().size
    again = a_file(tmp_path, "another name.JPG")
    for given, item, by in ((file, "see_permits", "wu"), (again, "", "li"), (again, "see_permits", "li")):
        assert not lay(home, case, given, item, by).new
    assert open_ledger(home).log.standing().size == before
    assert lay(home, case, file, "see_covenants").new
    assert lay(home, other, file).new
    assert files(home) == [first.evidence.path] == named(home)
    assert events(home, case) == [("opened", "linewatch"), ("evidence_added", "wu"), ("evidence_added", "wu")]
    told = open_ledger(home).cases.events(case)[1]
    assert (told.because, dict(told.content)) == (
        "The permit of 2025.",
        {"registered": False, **first.evidence.told()},
    )
    assert swept(home) == ()
    assert files(home) == [first.evidence.path]
    assert faults(home) == []


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_each_point_it_is_all_there_or_nothing_and_typed_again_it_is_there(
    home: Path, tmp_path: Path, point: str
) -> None:
    case, file = case_of(home, "B0"), a_file(tmp_path)
    command = [sys.executable, "-c", KILLED, point, str(home), case, str(file)]
    root = Path(__file__).parents[2]
    assert subprocess.run(command, cwd=root, check=False).returncode == -signal.SIGKILL
    came = point == "evidence.event:after"
    assert len(events(home, case)) == 1 + came
    assert faults(home) == []
    assert len(files(home)) == 1
    assert bool(swept(home)) is not came
    assert files(home) == named(home)
    assert lay(home, case, file, "see_permits").new is not came
    assert files(home) == named(home) != []
    assert len(events(home, case)) == 2
    assert faults(home) == []


def test_what_cannot_be_written_is_told_and_nothing_half_is_kept(home: Path, tmp_path: Path) -> None:
    case, file = case_of(home, "B0"), a_file(tmp_path)
    for point in POINTS[:-1]:

        def full(reached: str, point: str = point) -> None:
            if reached == point:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        fault.arm(full)
        with pytest.raises(NoRoom, match="What was half written is taken away"):
            lay(home, case, file)
        assert not (home / FOLDER).exists()
        assert len(events(home, case)) == 1


def test_a_case_that_closes_while_the_file_is_copied_is_given_none(home: Path, tmp_path: Path) -> None:
    case, file = case_of(home, "B0"), a_file(tmp_path)

    def closes(reached: str) -> None:
        if reached == "evidence.copy:after":
            open_ledger(home).cases.work([(case, Done("lapsed", "linewatch"))], AT)

    fault.arm(closes)
    with pytest.raises(DataRefused, match=r"Nothing was added to .*: it is closed"):
        lay(home, case, file)
    assert not (home / FOLDER).exists()


def test_a_sweep_waits_for_whoever_is_adding_a_file(home: Path, tmp_path: Path) -> None:
    """Between the file and its event: a sweep that looked now would take the file away."""
    case, file = case_of(home, "B0"), a_file(tmp_path)
    taken: list[int] = []
    began = threading.Event()

    def sweeps() -> None:
        began.set()
        taken.append(open_ledger(home).cases.take_away_unnamed())

    sweeper = threading.Thread(target=sweeps)

    def meanwhile(reached: str) -> None:
        if reached == "evidence.file:after":
            sweeper.start()
            began.wait()
            sweeper.join(1)
            assert sweeper.is_alive()

    fault.arm(meanwhile)
    added = lay(home, case, file)
    sweeper.join()
    assert taken == [0]
    assert files(home) == [added.evidence.path] == named(home)


def test_many_who_add_the_same_file_at_once_leave_one_and_each_case_has_it(
    home: Path, tmp_path: Path
) -> None:
    cases = [case_of(home, borrower) for borrower in ("B0", "B1", "B2")]
    file, failed = a_file(tmp_path), []
    ready = threading.Barrier(len(cases) * 3 + 1)

    def adds(case: str) -> None:
        try:
            ready.wait()
            lay(home, case, file)
        except BaseException as error:
            failed.append(error)

    def sweeps() -> None:
        ready.wait()
        for _ in range(20):
            open_ledger(home).cases.take_away_unnamed()

    threads = [threading.Thread(target=adds, args=(case,)) for case in cases for _ in range(3)]
    threads.append(threading.Thread(target=sweeps))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert files(home) == named(home)
    assert [len(events(home, case)) for case in cases] == [2, 2, 2]


@pytest.mark.parametrize(
    "point", ["", "erase.transaction:inside", "erase.transaction:after", "evidence.gone:before"]
)
def test_the_files_of_an_erased_borrower_go_but_for_those_that_anothers_case_names_too(
    tmp_path: Path, database: str, point: str
) -> None:
    home = lender(tmp_path, nights=(LINES, LINES[1:]))
    case, other = case_of(home, "B0"), case_of(home, "B1")
    own = lay(home, case, a_file(tmp_path, "own.pdf", b"own"))
    shared = lay(home, case, a_file(tmp_path))
    lay(home, other, a_file(tmp_path))
    if point:
        with cut_off_at(point):
            erase(home, "B0", **WHO, recorded_at=LATER)
    came = point in ("erase.transaction:after", "evidence.gone:before")
    if came:
        assert "evidence: 1 files that lie beside no case" in swept(home)
    else:
        assert erase(home, "B0", **WHO, recorded_at=LATER).evidence == 1
    assert files(home) == [shared.evidence.path] == named(home)
    assert all(own.evidence.sha256 not in entry.content for entry in open_ledger(home).log.entries())
    assert [event.content for event in open_ledger(home).cases.events(case)] == [{}] * 4
    assert faults(home) == []


def test_a_prune_lets_go_what_lay_beside_cases_that_were_closed_long_ago(
    tmp_path: Path, database: str
) -> None:
    home = lender(tmp_path, RULE, ("cn",))
    old, waiting, later = (case_of(home, borrower) for borrower in ("B0", "B1", "B2"))
    gone = lay(home, old, a_file(tmp_path, "gone.pdf", b"gone"), "see_permits")
    for case in (old, waiting, later):
        lay(home, case, a_file(tmp_path))
    cases = open_ledger(home).cases
    cases.work([(old, Done("lapsed", "linewatch"))], AT)
    cases.work([(later, Done("lapsed", "linewatch"))], AT.replace(year=2030, month=6))

    (share,) = planned(home, AT.replace(year=2028)).shares
    assert share.let_go == ()
    assert {(each.batch, each.until.year if each.until else 0) for each in share.held} == {(old, 2029)}
    assert share.held[0].because == "the law keeps it: record cn-pipl-56-records of the pack cn"

    foretold = planned(home, LATER)
    assert [(each.kind, each.files) for each in foretold.shares] == [("case_files", (gone.evidence.path,))]
    with cut_off_at("erase.transaction:inside"):
        prune(home, **WHO, recorded_at=LATER)
    assert len(files(home)) == 2
    assert prune(home, **WHO, recorded_at=LATER).plan.told == foretold.told
    assert files(home) == named(home) != [gone.evidence.path]
    assert [kind for kind, _ in events(home, old)] == [
        "opened", "evidence_added", "evidence_added", "lapsed", "evidence_pruned", "evidence_pruned",
    ]  # fmt: skip
    assert cases.laid([old]) == []
    assert len(cases.laid([waiting, later])) == 2
    assert faults(home) == []
    assert prune(home, **WHO, recorded_at=LATER).batch == ""
    cases.work([(old, Done("reopened", "wu", "They wrote."))], LATER)
    assert lay(home, old, a_file(tmp_path, "gone.pdf", b"gone"), "see_permits").new
    assert faults(home) == []


def test_a_case_that_is_opened_again_meanwhile_keeps_its_evidence(tmp_path: Path, database: str) -> None:
    home = lender(tmp_path, RULE)
    case = case_of(home, "B0")
    lay(home, case, a_file(tmp_path))
    cases = open_ledger(home).cases
    cases.work([(case, Done("lapsed", "linewatch"))], AT)
    ledger, plan = open_ledger(home), planned(home, LATER)
    assert plan.let_go
    cases.work([(case, Done("reopened", "wu", "They wrote."))], LATER)
    from tasks.prune import Approval, _new

    who = Approval("prune", "li", False, "It is old.", LATER)
    with pytest.raises(DataRefused, match="was opened again meanwhile"):
        ledger.erase(_new(ledger.standing(), plan), (), {}, (), who, let_go=plan.let_go)
    assert files(home) == named(home) != []
    assert planned(home, LATER).let_go == []
