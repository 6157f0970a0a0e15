"""A committed night leaves its letters for a mailer: each once, the same bytes every time, provable."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ledger import open_ledger
from linewatch.errors import NotFound
from tasks.access import export_borrower
from tasks.checkpoint import sign_standing
from tasks.demo import write_demo
from tasks.export import export_batch, export_night
from tasks.letters.outbox import FORMAT, write_outbox
from tasks.log_proof import prove
from tests.letters.letters_fixture import outbox_in
from tests.letters.page_read import codes_in
from tests.tasks.decisions_fixture import AS_OF as DRAFTED_ON
from tests.tasks.decisions_fixture import committed_home, decrease, line
from tests.whole_night import RECORDED_AT, run_night
from verify.proof import check

AS_OF = date(2026, 11, 21)
FIELDS = [
    "format", "draft_id", "batch", "facility_id", "borrower_id", "kind", "language", "effective_on",
    "deadline_on", "change_id", "subject", "text", "html",
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("outbox")
    (night,) = write_demo(place / "lender", borrowers=200, seed=3, nights=1, every="month", last_as_of=AS_OF)
    run_night(night.folder, AS_OF, place / "home", promises=False)
    export_night(place / "home", AS_OF, write_outbox)
    return place / "home"


def kept(home: Path, name: str) -> list[dict[str, Any]]:
    night = open_ledger(home).night(AS_OF)
    assert night is not None
    path = night.path(home, name)
    assert path is not None
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_every_letter_of_the_night_is_there_once_as_it_was_drafted(home: Path) -> None:
    entries = outbox_in(home / "out" / AS_OF.isoformat())
    drafts = kept(home, "drafts")
    assert len(entries) == len(drafts) > 5
    assert {tuple(entry) for entry in entries} == {tuple(FIELDS)}
    assert {entry["format"] for entry in entries} == {FORMAT}
    for entry, draft in zip(entries, drafts, strict=True):
        assert entry["text"] == draft["body"]
        for name in ("draft_id", "facility_id", "borrower_id", "kind", "language", "subject"):
            assert entry[name] == draft[name]
        for name in ("effective_on", "deadline_on"):
            assert entry[name] == (draft[name].isoformat() if draft[name] else None)


def test_a_letter_names_the_change_of_its_line_in_field_and_code(home: Path) -> None:
    entries = outbox_in(home / "out" / AS_OF.isoformat())
    changes = {row["facility_id"]: row["change_id"] for row in kept(home, "changes")}
    assert {entry["kind"] for entry in entries} >= {"offer", "decrease"}
    assert {entry["kind"] for entry in entries if entry["change_id"] is None} <= {"offer"}
    for entry in entries:
        assert entry["change_id"] == changes.get(entry["facility_id"])
        assert codes_in(entry["html"]) == ([entry["change_id"]] if entry["change_id"] else [])


def test_what_the_code_of_a_letter_holds_proves_its_change(home: Path, tmp_path: Path) -> None:
    signed = sign_standing(home, RECORDED_AT)
    entry = next(each for each in outbox_in(home / "out" / AS_OF.isoformat()) if each["kind"] == "decrease")
    made = prove(home, codes_in(entry["html"])[0], tmp_path)
    verdict = check(made.proof.read_text(encoding="utf-8"), [signed.key])
    assert getattr(verdict, "because", None) is None
    told = json.loads(json.loads(made.proof.read_text(encoding="utf-8"))["leaves"][0]["row"])
    assert told[2] == entry["facility_id"]


def test_a_borrower_who_asks_is_given_their_letters_of_it_once_as_text(home: Path, tmp_path: Path) -> None:
    entry = outbox_in(home / "out" / AS_OF.isoformat())[0]
    made = export_borrower(home, entry["borrower_id"], RECORDED_AT, tmp_path)
    told = made.json.read_text(encoding="utf-8")
    assert f"out/{AS_OF}/outbox.jsonl" in told
    assert json.dumps(entry["text"], ensure_ascii=False) in told
    assert "<!doctype" not in told


def test_written_again_it_has_the_same_bytes(home: Path) -> None:
    path = home / "out" / AS_OF.isoformat() / "outbox.jsonl"
    first = path.read_bytes()
    assert export_night(home, AS_OF, write_outbox).outbox == path
    assert path.read_bytes() == first


def test_an_outbox_that_is_cut_off_leaves_the_one_before(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "out" / AS_OF.isoformat() / "outbox.jsonl"
    first = path.read_bytes()

    def full(letter: object) -> str:
        raise OSError("cut off")

    monkeypatch.setattr("tasks.letters.outbox.page_of", full)
    with pytest.raises(OSError, match="cut off"):
        export_night(home, AS_OF, write_outbox)
    assert path.read_bytes() == first


def test_a_held_night_releases_no_letter(tmp_path: Path) -> None:
    (night,) = write_demo(
        tmp_path / "lender", borrowers=60, seed=3, nights=1, every="month", last_as_of=AS_OF
    )
    home = tmp_path / "home"
    held = run_night(night.folder, AS_OF, home, promises=False, held_because=("a test",))
    assert held.status == "held"
    with pytest.raises(NotFound):
        export_night(home, AS_OF, write_outbox)
    with pytest.raises(StopIteration):
        export_batch(home, held.batch, write_outbox)
    assert list(home.rglob("outbox.jsonl")) == []


def test_a_night_without_letters_has_an_empty_outbox_and_one_without_changes_no_references(
    tmp_path: Path,
) -> None:
    empty = committed_home(tmp_path / "none", [line("F1")])
    assert outbox_in(export_night(empty, DRAFTED_ON, write_outbox).drafts.parent) == []
    some = committed_home(tmp_path / "some", [decrease("F1")])
    (entry,) = outbox_in(export_night(some, DRAFTED_ON, write_outbox).drafts.parent)
    assert (entry["facility_id"], entry["change_id"]) == ("F1", None)
