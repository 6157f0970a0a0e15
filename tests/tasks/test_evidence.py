"""What reviewers lay beside cases: which files are taken, what is kept of them, and where they go on to."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ledger import open_ledger
from linewatch import evidence
from linewatch.casework import Done
from linewatch.errors import DataRefused, FileAltered, NotFound
from linewatch.evidence import FOLDER, MOST_BYTES, media_of
from tasks.access import erase, export_borrower
from tasks.backup import backup, restore
from tests.flows.console import alone, here
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
from tests.torture.state import differences, state

HOSTILE = "李小龙\n\x1b[31m'; drop table review_event; -- $(touch x) ../%s.Wang\udce9"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lender(tmp_path_factory.mktemp("lender"))


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.JPG", ("image/jpeg", ".jpg")),
        ("报告.pdf", ("application/pdf", ".pdf")),
        (
            "a.docx",
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        ),
        ("invoice.ofd", ("application/ofd", ".ofd")),
        ("photo.heic", ("image/heic", ".heic")),
        ("statement.tar.gz", (evidence.UNKNOWN, "")),
        ("李.小龙", (evidence.UNKNOWN, "")),
        ("scan.wang", (evidence.UNKNOWN, "")),
        ("scan", (evidence.UNKNOWN, "")),
        (".jpg", (evidence.UNKNOWN, "")),
        (HOSTILE, (evidence.UNKNOWN, "")),
        ("x.jp/g", (evidence.UNKNOWN, "")),
    ],
    ids=ascii,
)
def test_of_a_name_its_suffix_alone_is_kept_and_only_one_that_is_known(
    name: str, kept: tuple[str, str]
) -> None:
    assert media_of(name) == kept


def test_a_file_with_a_hostile_name_is_added_and_the_name_stands_nowhere(home: Path, tmp_path: Path) -> None:
    case, file = case_of(home, "B0"), a_file(tmp_path, HOSTILE.replace("/", "_"))
    code = here("queue", "evidence", case, file, "--by", "wu", "--home", home, "--json")
    assert (code.exit_code, code.answer["status"], code.answer["media_type"]) == (
        0,
        "added",
        evidence.UNKNOWN,
    )
    assert files(home) == [code.answer["path"]] == named(home)
    with sqlite3.connect(home / "ledger.db") as ledger:
        lines = "\n".join(ledger.iterdump())
    ledger.close()
    for word in ("小龙", "Wang", "drop table review_event;", "touch"):
        assert word not in lines
    held = [path for path in home.rglob("*") if path.is_file() and "小龙".encode() in path.read_bytes()]
    assert held == []


def refused_file(kind: str, place: Path) -> Path:
    path = place / f"{kind} of {HOSTILE.replace('/', '_')}"
    makes: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "empty": path.touch,
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "large": lambda: os.truncate(a_file(place, path.name), MOST_BYTES + 1),
        "dangling": lambda: path.symlink_to(place / "nowhere"),
    }
    makes[kind]()
    return path


@pytest.mark.parametrize(
    ("kind", "error", "what"),
    [
        ("nothing", NotFound, "There is no such file"),
        ("dangling", NotFound, "There is no such file"),
        ("empty", DataRefused, "The file is empty"),
        ("folder", DataRefused, "The file is a folder: add its files one by one"),
        ("pipe", DataRefused, "The file is no file"),
        ("large", DataRefused, "The file has more than 50 MB: cut it into parts"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_of_it_is_left(
    home: Path, tmp_path: Path, kind: str, error: type[DataRefused], what: str
) -> None:
    case, path = case_of(home, "B0"), refused_file(kind, tmp_path)
    before = state(home)
    with pytest.raises(error, match=what) as refused:
        lay(home, case, path)
    assert refused.value.exit_code == 2
    assert "小龙" not in str(refused.value)  # which a log may keep
    assert "小龙" in refused.value.shown
    assert refused.value.shown.isprintable() or "\x1b" not in refused.value.shown
    refused.value.shown.encode()
    assert refused.value.what_now.startswith("Nothing was added.")
    assert differences(before, state(home)) == []


def test_a_file_of_just_the_most_is_taken(home: Path, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    os.truncate(path, MOST_BYTES)
    assert lay(home, case_of(home, "B0"), path).evidence.bytes == MOST_BYTES


def test_a_case_that_is_closed_or_unknown_an_item_that_is_unknown_and_nobody_are_refused(
    home: Path, tmp_path: Path
) -> None:
    case, file = case_of(home, "B0"), a_file(tmp_path)
    closed = case_of(home, "B1")
    open_ledger(home).cases.work([(closed, Done("lapsed", "linewatch"))], AT)
    before = state(home)
    with pytest.raises(NotFound, match="There is no case 'C99'"):
        lay(home, "C99", file)
    with pytest.raises(DataRefused, match=f"Nothing was added to {closed}: it is closed; an appeal"):
        lay(home, closed, file)
    with pytest.raises(NotFound, match="There is no item 'see_nothing' on any checklist"):
        lay(home, case, file, "see_nothing")
    with pytest.raises(DataRefused, match="--by must say something"):
        lay(home, case, file, by=" ")
    assert differences(before, state(home)) == []


def test_where_people_are_registered_a_reviewer_adds_files(tmp_path: Path) -> None:
    register = '\n[[people]]\nid = "wu"\nroles = ["reviewer"]\namount_limit_cents = 0\n'
    home = lender(tmp_path, register)
    case, file = case_of(home, "B0"), a_file(tmp_path)
    with pytest.raises(DataRefused, match="'li' may not work on cases"):
        lay(home, case, file, by="li")
    lay(home, case, file, by="wu")
    assert open_ledger(home).cases.events(case)[-1].content["registered"] is True


def test_a_byte_that_was_altered_is_named_and_the_same_file_put_back_by_adding_it_again(
    home: Path, tmp_path: Path
) -> None:
    case, file = case_of(home, "B0"), a_file(tmp_path)
    added = lay(home, case, file)
    path = home / added.evidence.path
    assert faults(home) == []
    path.write_bytes(PHOTOGRAPH.replace(b"graph", b"grape"))
    assert faults(home) == [f"{added.evidence.path}: has other bytes than were written"]
    with pytest.raises(FileAltered, match=added.evidence.path):
        backup(home, tmp_path / "to", AT)
    again = lay(home, case, file)
    assert (again.new, again.put_back) == (False, True)
    assert faults(home) == []
    path.unlink()
    assert faults(home) == [f"{added.evidence.path}: is gone"]
    checked = here("log", "verify", "--home", home)
    assert checked.exit_code == 2
    assert f"{added.evidence.path}: is gone [{case}]" in checked.err
    assert lay(home, case, file).put_back
    assert not lay(home, case, file).put_back
    assert len(open_ledger(home).cases.events(case)) == 2


def test_a_home_that_is_restored_has_what_lay_beside_its_cases(home: Path, tmp_path: Path) -> None:
    case = case_of(home, "B0")
    first = lay(home, case, a_file(tmp_path))
    made = backup(home, tmp_path / "to", AT)
    later = lay(home, case, a_file(tmp_path, "later.pdf", b"later"))
    new = restore(tmp_path / "to", tmp_path / "new").path
    assert files(new) == [first.evidence.path] == named(new)
    assert (new / first.evidence.path).stat().st_mode & 0o777 == 0o600
    assert faults(new) == []
    (home / first.evidence.path).unlink()
    second = backup(home, tmp_path / "to", AT + timedelta(days=1))
    assert second.backup.missing == (first.evidence.path,)
    assert later.evidence.path in second.backup.files
    (made.path / first.evidence.path).unlink()
    with pytest.raises(DataRefused, match="is not there"):
        restore(made.path, tmp_path / "other")


def test_a_backup_is_not_taken_at_its_own_word_on_what_lies_beside_cases(home: Path, tmp_path: Path) -> None:
    added = lay(home, case_of(home, "B0"), a_file(tmp_path))
    made = backup(home, tmp_path / "to", AT)
    page = made.path / "backup.json"
    told = json.loads(page.read_text(encoding="utf-8"))
    del told["files"][added.evidence.path]
    page.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(DataRefused, match=f"{added.evidence.path} is not what the record names"):
        restore(made.path, tmp_path / "new")


def test_a_borrower_is_given_what_lies_beside_their_cases_and_nobody_elses(
    home: Path, tmp_path: Path
) -> None:
    own, other = case_of(home, "B0"), case_of(home, "B1")
    given = lay(home, own, a_file(tmp_path), "see_permits", because="The permit.")
    lost = lay(home, own, a_file(tmp_path, "lost.pdf", b"lost"))
    lay(home, other, a_file(tmp_path, "other.pdf", b"other"))
    (home / lost.evidence.path).write_bytes(b"else")
    made = export_borrower(home, "B0", LATER, tmp_path / "export")
    found = sorted(
        path.relative_to(tmp_path / "export").as_posix() for path in (tmp_path / "export").rglob("*.*")
    )
    assert found == ["borrower.html", "borrower.json", given.evidence.path]
    assert (tmp_path / "export" / given.evidence.path).read_bytes() == PHOTOGRAPH
    assert made.unreadable == (lost.evidence.path,)
    assert made.counts["case_files.evidence"] == 2
    told = json.loads(made.json.read_text(encoding="utf-8"))
    (part,) = (part for part in told["held"] if part["kind"] == "case_files")
    assert {row["in"][0] for row in part["rows"]} == {given.evidence.path, lost.evidence.path}
    page = made.page.read_text(encoding="utf-8")
    assert given.evidence.path in page
    assert "wu" not in [row["row"].get("by") for row in part["rows"]]


def test_what_was_handed_to_an_erased_borrower_goes_with_them(tmp_path: Path) -> None:
    home = lender(tmp_path, nights=(LINES, LINES[1:]))
    lay(home, case_of(home, "B0"), a_file(tmp_path))
    lost = lay(home, case_of(home, "B0"), a_file(tmp_path, "lost.pdf", b"lost"))
    (home / lost.evidence.path).unlink()  # nobody has to put it back for it to be erased
    export_borrower(home, "B0", LATER)
    assert len(list(home.glob("out/access/*/evidence/*/*"))) == 1
    assert erase(home, "B0", **WHO, recorded_at=LATER).evidence == 1
    assert not (home / FOLDER).exists()
    assert list(home.glob("out/access/*")) == []
    assert faults(home) == []


def test_a_half_file_goes_once_whoever_wrote_it_is_gone(home: Path, tmp_path: Path) -> None:
    added = lay(home, case_of(home, "B0"), a_file(tmp_path))
    half = home / FOLDER / "adding-0.4194305.partial"
    half.write_bytes(b"half")
    others = home / FOLDER / f"adding-0.{os.getppid()}.partial"
    others.write_bytes(b"half")
    assert swept(home) == (f"evidence/{half.name} was half written",)
    assert files(home) == [added.evidence.path, others.relative_to(home).as_posix()]
    (home / FOLDER / "00").mkdir()  # somebody was cut off before they put a file into it
    assert swept(home) == ()
    assert files(home) == [added.evidence.path, others.relative_to(home).as_posix()]


def test_a_person_sees_what_is_asked_and_what_there_is_of_it(home: Path, tmp_path: Path) -> None:
    case = case_of(home, "B0")
    done = here("queue", "evidence", case, a_file(tmp_path), "--by", "wu", "--item", "check_receipt_read",
                 "--because", "Seen.", "--home", home)  # fmt: skip
    path = named(home)[0]
    assert (done.exit_code, done.err) == (0, "")
    assert done.out == f"{case}: {path}  image/jpeg, {len(PHOTOGRAPH)} bytes, check_receipt_read: added\n"
    again = here("queue", "evidence", case, a_file(tmp_path), "--by", "wu", "--home", home, "--json")
    assert (again.exit_code, again.answer["status"]) == (0, "unchanged")
    lay(home, case, a_file(tmp_path, "permit.pdf", b"permit"), "see_permits")

    shown = alone("queue", "case", case, "--home", home)
    assert f"{path}  image/jpeg, {len(PHOTOGRAPH)} bytes, check_receipt_read  wu" in shown.out
    told = here("queue", "case", case, "--home", home, "--json").answer["evidence"]
    assert [(each["item"], each["media_type"], each["by"]) for each in told] == [
        ("check_receipt_read", "image/jpeg", "wu"),
        ("see_permits", "application/pdf", "wu"),
    ]
    assert told[0]["path"] == path

    words = here("queue", "checklist", case, "--home", home).out
    assert "[x] check_receipt_read" in words
    assert "[ ] check_newer_documents" in words
    assert "see_permits  wu" in words.partition("other evidence")[2]
    listed = here("queue", "checklist", case, "--home", home, "--json").answer
    assert listed["kind"] == "desk_review"
    assert [item["evidence"] for item in listed["items"] if item["code"] == "check_receipt_read"] == [
        [told[0]["sha256"]]
    ]
    assert [each["item"] for each in listed["other_evidence"]] == ["see_permits"]


def test_a_checklist_of_a_kind_needs_no_home_and_what_is_neither_is_told(tmp_path: Path, home: Path) -> None:
    nowhere = tmp_path / "nowhere"
    shown = here("queue", "checklist", "site_visit", "--home", nowhere)
    assert shown.exit_code == 0
    assert "财务实力  Financial strength" in shown.out
    assert not nowhere.exists()
    listed = here("queue", "checklist", "interview", "--home", nowhere, "--json").answer
    assert {item["topic"] for item in listed["items"]} >= {
        "identity",
        "income",
        "arrears",
        "dispute",
        "fraud",
    }
    wrong = here("queue", "checklist", "visit", "--home", home)
    assert (wrong.exit_code, wrong.out) == (2, "")
    assert "There is no case 'visit'" in wrong.err
