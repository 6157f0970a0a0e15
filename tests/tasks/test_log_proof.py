"""Checkpoints, keys and proofs: what the checker, which shares no code with them, says of each."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from prefect.blocks.system import Secret

import sql.engine as sql
from ledger import open_ledger
from ledger.engine import writing
from ledger.event import Event
from linewatch.casework import Done
from linewatch.checkpoint import Key, note
from linewatch.errors import DataRefused, DocumentRefused, NotFound
from linewatch.night import Night
from linewatch.profile import LogPlaces
from tasks.approve import approve
from tasks.checkpoint import BEFORE, KEY, rotate, sign
from tasks.commit import commit_night
from tasks.log_proof import prove, prove_consistency
from tasks.verify_log import verify_home
from tests.postgres import fresh_database
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night
from verify.home import check as check_home
from verify.proof import Proven, check

NOWHERE = LogPlaces()


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    yield made
    sql.close_engine(made.scratch)


def a_key(filler: str) -> str:
    return base64.b64encode(filler.encode() * 32).decode()


def signed(night: Night, places: LogPlaces = NOWHERE) -> str:
    return sign(night.home, places, night.recorded_at).key


def changes(night: Night) -> list[str]:
    (batch,) = [each for each in open_ledger(night.home).batches() if each.kind == "night"]
    return [row["change_id"] for row in pq.read_table(batch.path(night.home, "changes")).to_pylist()]


def test_the_first_checkpoint_makes_a_key_for_its_owner_alone_and_says_so(night: Night) -> None:
    commit_night(night)
    first = sign(night.home, NOWHERE, night.recorded_at)
    assert first.new
    assert "A key that signs the log was made" in first.notes[0]
    assert (night.home / "log.key").stat().st_mode & 0o777 == 0o600
    assert (night.home / "checkpoint").read_text(encoding="utf-8") == first.note
    again = sign(night.home, NOWHERE, night.recorded_at)
    assert (again.new, again.note, again.notes) == (False, first.note, ())
    assert check_home(night.home, keys=[first.key]).faults == ()


def test_each_checkpoint_is_left_in_the_second_place_once(night: Night, tmp_path: Path) -> None:
    commit_night(night)
    away = tmp_path / "away"
    away.write_text("a file is in the way", encoding="utf-8")
    told = sign(night.home, LogPlaces(second=str(away)), night.recorded_at)
    assert any("could not be copied" in note for note in told.notes)
    away.unlink()
    assert sign(night.home, LogPlaces(second=str(away)), night.recorded_at).notes == ()
    (copy,) = away.iterdir()
    assert copy.read_text(encoding="utf-8") == told.note
    assert check_home(night.home, against=[told.note]).faults == ()
    copy.write_text("as somebody else has it", encoding="utf-8")
    signed(night, LogPlaces(second=str(away)))
    assert copy.read_text(encoding="utf-8") == "as somebody else has it"


def test_another_key_is_refused_until_the_change_is_put_on_record(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_night(night)
    monkeypatch.setenv(KEY, a_key("a"))
    first = signed(night)
    assert not (night.home / "log.key").exists()
    monkeypatch.setenv(KEY, a_key("b"))
    with pytest.raises(DocumentRefused, match=r"has changed[\s\S]*linewatch log rotate"):
        signed(night)
    monkeypatch.setenv(BEFORE, a_key("c"))
    with pytest.raises(DocumentRefused, match="is not the key that signed until now"):
        rotate(night.home, "li", "The old one was seen.", night.recorded_at)
    monkeypatch.setenv(BEFORE, a_key("a"))
    second = rotate(night.home, "li", "The old one was seen.", night.recorded_at)
    assert second.key != first
    assert second.note.count("\u2014 ") == 2
    assert signed(night) == second.key
    assert check_home(night.home, keys=[second.key]).faults == ()


@pytest.mark.parametrize("given", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_is_none_is_refused_and_not_shown(
    night: Night, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    commit_night(night)
    monkeypatch.setenv(KEY, given)
    if not given:
        assert signed(night)
        return
    with pytest.raises(DocumentRefused, match=r"\$LINEWATCH_LOG_KEY: is not a private key") as refused:
        signed(night)
    assert given not in str(refused.value)


def test_a_rotation_that_is_cut_off_is_none_and_proofs_bear_the_new_key(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_night(night)
    monkeypatch.setenv(KEY, a_key("a"))
    signed(night)
    before = open_ledger(night.home).log.entries()
    monkeypatch.setenv(KEY, a_key("b"))
    monkeypatch.setenv(BEFORE, a_key("a"))
    with monkeypatch.context() as cut:
        cut.setattr("tasks.checkpoint.note", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotate(night.home, "li", "The old one was seen.", night.recorded_at)
    assert open_ledger(night.home).log.entries() == before
    second = rotate(night.home, "li", "The old one was seen.", night.recorded_at)
    made = prove(night.home, changes(night)[0], tmp_path / "out")
    assert isinstance(check(made.proof.read_text(encoding="utf-8"), [second.key]), Proven)
    assert second.key in made.page.read_text(encoding="utf-8")


def test_a_record_that_only_says_whose_key_it_is_does_not_pass_for_theirs(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forger may write the lender's public key down; the signatures stay the forger's."""
    commit_night(night)
    monkeypatch.setenv(KEY, a_key("f"))
    forged = signed(night)
    lenders = Key(forged.partition("+")[0], b"l" * 32)
    with writing(open_ledger(night.home).engine) as connection:
        event = Event(connection, night.recorded_at)
        event.fact(origin=lenders.origin, key=lenders.verifier)
        event.tell("log.key")
    found = check_home(night.home, keys=[lenders.verifier])
    assert [fault.where for fault in found.faults] == ["checkpoint"]
    assert found.key == forged


def test_a_head_that_was_overtaken_is_not_signed(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many that sign at once, each signs the log as it then stands: no smaller one after a larger."""
    commit_night(night)
    monkeypatch.setenv(KEY, a_key("a"))
    ledger = open_ledger(night.home)

    key = Key(signed(night).partition("+")[0], b"a" * 32)
    (first, *_) = ledger.cases.waiting()

    def act(number: int) -> None:
        ledger.cases.work([(first.case_id, Done("more_asked", str(number)))], night.recorded_at)
        ledger.log.sign(
            key.origin,
            key.verifier,
            lambda size, root: note(key.origin, size, root, [key]),
            night.recorded_at,
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(8)))
    sizes = [each.size for each in ledger.log.checkpoints()]
    assert sizes == sorted(sizes)
    assert check_home(night.home).faults == ()


@pytest.mark.prefect
def test_a_block_that_prefect_does_not_have_is_named(
    night: Night, monkeypatch: pytest.MonkeyPatch, prefect_harness: None
) -> None:
    commit_night(night)
    monkeypatch.setenv(KEY, "prefect:nope")
    with pytest.raises(DocumentRefused, match=r"\$LINEWATCH_LOG_KEY: Prefect has no Secret block 'nope'"):
        signed(night)
    Secret(value=a_key("s")).save("linewatch-log-key")
    monkeypatch.setenv(KEY, "prefect:linewatch-log-key")
    assert signed(night) == Key(signed(night).partition("+")[0], b"s" * 32).verifier


def test_a_change_of_a_night_is_proven_without_the_home(night: Night, tmp_path: Path) -> None:
    commit_night(night)
    key = signed(night)
    for change in changes(night):
        made = prove(night.home, change, tmp_path / "out")
        verdict = check(made.proof.read_text(encoding="utf-8"), [key])
        assert isinstance(verdict, Proven)
        assert change in " ".join(verdict.sentences)
        told = json.loads(made.proof.read_text(encoding="utf-8"))
        assert [each["of"] for each in told["leaves"]] == ["changes", "decisions"]
        page = made.page.read_text(encoding="utf-8")
        assert key in page
        assert "data:image/png;base64," in page


def test_of_a_night_that_was_held_the_proof_tells_that_it_was_let_through(
    night: Night, tmp_path: Path
) -> None:
    commit_night(night, ("guard",))
    at = night.recorded_at + timedelta(hours=6)
    approve(night.home, night.as_of, by="wu", because="seen", recorded_at=at)
    key = signed(night)
    made = prove(night.home, changes(night)[0], tmp_path / "out")
    assert "moved" in json.loads(made.proof.read_text(encoding="utf-8"))
    assert isinstance(check(made.proof.read_text(encoding="utf-8"), [key]), Proven)


def test_a_proof_is_refused_for_what_no_batch_has_and_for_a_file_that_was_altered(
    night: Night, tmp_path: Path
) -> None:
    commit_night(night)
    with pytest.raises(NotFound, match=r"No checkpoint covers this batch yet[\s\S]*linewatch log checkpoint"):
        prove(night.home, changes(night)[0], tmp_path / "out")
    signed(night)
    with pytest.raises(NotFound, match="No committed batch has a change nothing"):
        prove(night.home, "nothing", tmp_path / "out")
    (batch,) = open_ledger(night.home).batches()
    salts = batch.path(night.home, "salts")
    assert salts is not None
    salts.chmod(0o600)
    salts.write_bytes(bytes(each ^ 1 for each in salts.read_bytes()))
    with pytest.raises(DataRefused, match="is not what was committed"):
        prove(night.home, changes(night)[0], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_between_any_two_checkpoints_nothing_was_rewritten(night: Night, tmp_path: Path) -> None:
    commit_night(night, ("guard",))
    key = signed(night)
    at = night.recorded_at + timedelta(hours=6)
    approve(night.home, night.as_of, by="wu", because="seen", recorded_at=at)
    signed(night)
    sizes = [each.size for each in open_ledger(night.home).log.checkpoints()]
    assert len(sizes) == 2
    proof = prove_consistency(night.home, *sizes, tmp_path / "out")
    assert isinstance(check(proof.read_text(encoding="utf-8"), [key]), Proven)
    with pytest.raises(NotFound, match="No checkpoint covers 99 entries"):
        prove_consistency(night.home, sizes[0], 99, tmp_path / "out")


def test_a_shared_ledger_is_checked_as_a_home_s_own(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWATCH_LEDGER", fresh_database())
    commit_night(night)
    key = signed(night)
    report = verify_home(night.home, [key], [], lambda line: None)
    assert report.faults == ()
    assert report.counts["entries"] == 2
    assert report.counts["leaves"] == 50


def test_a_change_is_found_by_the_reference_of_its_letter(night: Night, tmp_path: Path) -> None:
    commit_night(night)
    signed(night)
    (batch,) = [each for each in open_ledger(night.home).batches() if each.kind == "night"]
    told = {
        row["facility_id"]: row["reference"]
        for row in pq.read_table(batch.path(night.home, "drafts")).to_pylist()
    }
    changed = pq.read_table(batch.path(night.home, "changes")).to_pylist()
    names = {row["facility_id"]: row["change_id"] for row in changed}
    line = min(told)
    assert prove(night.home, told[line].lower(), tmp_path / "out").change_id == names[line]
