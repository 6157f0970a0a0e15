"""The record on each of its databases: what one transaction makes known, and what it refuses."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from ledger import Approval, Ledger, NewBatch, StoredFile, migrate, open_ledger
from ledger.schema import metadata
from linewatch.casework import Done
from linewatch.documents import Source
from linewatch.errors import NightHeld, NightRefused, NotFound

AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
POLICY = Source("policy", "house", "1", date(2026, 1, 1), "d" * 64, "id = 'house'", Path("policy.toml"))
CASE = {
    "case_id": "C1",
    "facility_id": "F1",
    "borrower_id": "B1",
    "opened_on": date(2026, 11, 21),
    "due_on": date(2026, 11, 28),
    "triggers": ["large_decrease"],
}


def a_batch(as_of: date = date(2026, 11, 21), *, root: str = "r" * 64, held: bool = False) -> NewBatch:
    folder = f"batches/{as_of}-night-{root[:12]}"
    return NewBatch(
        batch=f"{as_of}-night-{root[:12]}",
        kind="night",
        as_of=as_of,
        root=root,
        source="/data",
        source_identity="s" * 64,
        documents_identity="i" * 64,
        snapshot=f"snapshots/{as_of}-ssssssssssss",
        folder=folder,
        files={
            "decisions": StoredFile(f"{folder}/decisions-1.parquet", "1" * 64, 10, 3),
            "changes": StoredFile(f"{folder}/changes-2.parquet", "2" * 64, 10, 2),
        },
        counts={"decided": 3, "rows": {"facility": 3}},
        version="0.1.0",
        held_because=("too many cuts",) if held else (),
    )


def commit(ledger: Ledger, new: NewBatch, cases: tuple[dict[str, object], ...] = ()) -> object:
    return ledger.commit_batch(new, documents=[POLICY], cases_opened=cases, recorded_at=AT)


def approve(ledger: Ledger, as_of: date = date(2026, 11, 21)) -> None:
    ledger.approve(as_of, Approval("approve", "wu", False, "seen", AT), cases_opened=[CASE])


def test_a_committed_night_is_known_whole(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    known = ledger.newest()
    assert known is not None
    assert (known.state, known.as_of, known.root, known.recorded_at) == (
        "committed",
        date(2026, 11, 21),
        "r" * 64,
        AT,
    )
    assert known.files == a_batch().files
    assert known.counts == {"decided": 3, "rows": {"facility": 3}}
    assert known.documents == (POLICY.sha256,)
    assert ledger.night(known.as_of) == known
    assert [told.changes for told in ledger.pending()] == [2]
    assert [entry.kind for entry in ledger.log.entries()] == ["batch.committed"]


def test_the_text_of_every_document_used_is_kept_once(ledger: Ledger) -> None:
    commit(ledger, a_batch())
    commit(ledger, a_batch(date(2026, 11, 22)))
    assert ledger.document(POLICY.sha256) == POLICY.text
    with pytest.raises(NotFound):
        ledger.document("e" * 64)


def test_an_as_of_is_free_taken_or_refused(ledger: Ledger) -> None:
    assert ledger.check_may_run(date(2026, 11, 21), "s" * 64, "i" * 64) is None
    commit(ledger, a_batch())
    same = ledger.check_may_run(date(2026, 11, 21), "s" * 64, "i" * 64)
    assert same is not None
    assert same.root == "r" * 64
    assert ledger.check_may_run(date(2026, 11, 25), "x" * 64, "i" * 64) is None
    with pytest.raises(NightRefused, match="the source's data differ"):
        ledger.check_may_run(date(2026, 11, 21), "x" * 64, "i" * 64)
    with pytest.raises(NightRefused, match="the source's data and the documents differ"):
        ledger.check_may_run(date(2026, 11, 21), "x" * 64, "y" * 64)
    assert ledger.check_may_run(date(2026, 11, 21), "s" * 64, "y" * 64, revise=True) is None
    same = ledger.check_may_run(date(2026, 11, 21), "s" * 64, "i" * 64, revise=True)
    assert same is not None
    with pytest.raises(NightRefused, match="comes before the newest committed night, 2026-11-21"):
        ledger.check_order(date(2026, 11, 20))


def test_while_a_night_is_held_no_other_may_run(ledger: Ledger) -> None:
    commit(ledger, a_batch(held=True))
    for as_of in (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)):
        with pytest.raises(NightHeld, match=r"2026-11-21 is held[\s\S]*too many cuts[\s\S]*approve"):
            ledger.check_order(as_of)
    with pytest.raises(NightHeld):
        commit(ledger, a_batch(date(2026, 11, 22)))


def test_a_held_night_opens_no_case_and_owes_nothing_until_it_is_approved(ledger: Ledger) -> None:
    commit(ledger, a_batch(held=True), (CASE,))
    assert (ledger.newest(), list(ledger.cases.open()), ledger.pending()) == (None, [], [])
    assert ledger.history().changes == ()
    approve(ledger)
    newest = ledger.newest()
    assert newest is not None
    assert ledger.held() is None
    assert [case.case_id for case in ledger.cases.open()] == ["C1"]
    assert len(ledger.pending()) == 1
    (who,) = ledger.approvals(newest)
    assert (who.action, who.by, who.registered, who.because) == ("approve", "wu", False, "seen")


def test_whoever_asks_for_what_is_in_force_hears_that_a_night_is_held(ledger: Ledger) -> None:
    commit(ledger, a_batch(held=True))
    for as_of in (None, date(2026, 11, 21)):
        with pytest.raises(NotFound) as nothing:
            ledger.standing(as_of, held_too=False)
        assert nothing.value.what_now.startswith("The night of 2026-11-21 is held: it is not in force before")
    with pytest.raises(NotFound) as other:
        ledger.standing(date(2026, 11, 20), held_too=False)
    assert "held" in other.value.what_now


def test_a_discarded_night_frees_its_as_of_and_keeps_its_row(ledger: Ledger) -> None:
    commit(ledger, a_batch(held=True))
    ledger.discard(date(2026, 11, 21), Approval("discard", "li", True, "wrong file", AT))
    assert ledger.check_may_run(date(2026, 11, 21), "s" * 64, "i" * 64) is None
    commit(ledger, a_batch())
    assert [known.state for known in ledger.batches()] == ["discarded", "committed"]


def test_only_the_held_night_can_be_approved_and_only_once(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="not held"):
        approve(ledger)
    commit(ledger, a_batch(held=True))
    with pytest.raises(NotFound, match=r"2026-11-20 is not held\. The night of 2026-11-21 is"):
        approve(ledger, date(2026, 11, 20))
    approve(ledger)
    with pytest.raises(NotFound):
        approve(ledger)
    assert len(ledger.pending()) == 1


def test_a_night_that_was_overtaken_is_refused_inside_the_commit_itself(ledger: Ledger) -> None:
    commit(ledger, a_batch(date(2026, 11, 22)))
    with pytest.raises(NightRefused, match="comes before"):
        commit(ledger, a_batch())
    with pytest.raises(NightRefused, match="by somebody else"):
        commit(ledger, a_batch(date(2026, 11, 22), root="q" * 64))
    assert len(ledger.batches()) == 1
    assert len(ledger.log.entries()) == 1


def test_a_commit_that_fails_at_its_last_row_leaves_nothing(ledger: Ledger) -> None:
    broken = {**CASE, "facility_id": None}
    with pytest.raises(Exception, match="facility_id"):
        commit(ledger, a_batch(), (CASE, {**broken, "case_id": "C2"}))
    assert (ledger.batches(), list(ledger.cases.open()), ledger.pending(), ledger.log.entries()) == (
        [],
        [],
        [],
        [],
    )
    with pytest.raises(NotFound):
        ledger.document(POLICY.sha256)


def test_a_case_stays_open_until_an_event_closes_it(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    (waiting,) = ledger.cases.open()
    assert (waiting.due_on, waiting.content["triggers"]) == (date(2026, 11, 28), ["large_decrease"])
    ledger.cases.work([("C1", Done("claimed", "wu", ""))], AT)
    assert len(list(ledger.cases.open())) == 1
    ledger.cases.work([("C1", Done("lapsed", "wu", "income seen"))], AT)
    assert list(ledger.cases.open()) == []


def test_cases_are_held_a_few_at_a_time_and_are_all_or_none(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.cases.AT_ONCE", 2)
    five = [{**CASE, "case_id": f"C{number}", "borrower_id": f"B{number}"} for number in range(5)]
    commit(ledger, a_batch(), iter(five))
    assert [case.case_id for case in ledger.cases.open()] == [case["case_id"] for case in five]
    assert [case.borrower_id for case in ledger.cases.waiting()] == [case["borrower_id"] for case in five]
    commit(ledger, a_batch(date(2026, 11, 22)), [*five[3:], {**CASE, "case_id": "C9"}])
    assert [case.case_id for case in ledger.cases.open()] == ["C0", "C1", "C2", "C3", "C4", "C9"]
    broken = [
        *({**CASE, "case_id": f"D{number}"} for number in range(3)),
        {**CASE, "case_id": "D9", "facility_id": None},
    ]
    with pytest.raises(Exception, match="facility_id"):
        commit(ledger, a_batch(date(2026, 11, 23)), broken)
    assert len(list(ledger.cases.waiting())) == 6


def test_a_case_that_is_referred_again_stays_one_case(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    commit(ledger, a_batch(date(2026, 11, 22)), (CASE, {**CASE, "case_id": "C2"}))
    assert [case.case_id for case in ledger.cases.open()] == ["C1", "C2"]


def test_a_delivery_is_noted_once(ledger: Ledger) -> None:
    commit(ledger, a_batch())
    (told,) = ledger.pending()
    assert ledger.delivered(told, {"path": "out/x.csv"}, AT)
    assert not ledger.delivered(told, {"path": "out/x.csv"}, AT)
    assert ledger.pending() == []
    assert [entry.kind for entry in ledger.log.entries()] == ["batch.committed", "publication.delivered"]


def test_a_night_finds_the_decisions_and_changes_of_the_nights_before_it(ledger: Ledger) -> None:
    for as_of in (date(2025, 10, 1), date(2026, 11, 20), date(2026, 11, 21)):
        commit(ledger, a_batch(as_of))
    now = ledger.history()
    home = ledger.home
    assert now.decisions == home / "batches/2026-11-21-night-rrrrrrrrrrrr/decisions-1.parquet"
    assert [path.parent.name[:10] for path in now.changes] == ["2026-11-20", "2026-11-21"]
    then = ledger.history(before=date(2026, 11, 21))
    assert then.decisions == home / "batches/2026-11-20-night-rrrrrrrrrrrr/decisions-1.parquet"
    assert len(then.changes) == 1


def test_a_night_that_is_looked_at_again_knows_what_it_knew(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    before = ledger.history(before=date(2026, 11, 22))
    tonight = {**CASE, "case_id": "C2", "borrower_id": "B2"}
    ledger.commit_batch(
        a_batch(date(2026, 11, 22)),
        documents=[POLICY],
        cases_opened=(tonight,),
        recorded_at=AT + timedelta(days=1),
    )
    later = AT + timedelta(days=2)
    ledger.cases.work([("C1", Done("lapsed", "wu", "income seen"))], later)
    assert ledger.history(before=date(2026, 11, 22)) == before
    assert [case.case_id for case in before.open_cases] == ["C1"]
    assert [case.case_id for case in ledger.history(before=date(2026, 11, 23)).open_cases] == ["C2"]


def test_a_home_may_be_moved(ledger: Ledger, tmp_path: Path) -> None:
    commit(ledger, a_batch())
    ledger.home.rename(tmp_path / "elsewhere")
    moved = open_ledger(tmp_path / "elsewhere")
    decisions = moved.history().decisions
    assert decisions is not None
    assert decisions.is_relative_to(tmp_path / "elsewhere")


def test_the_migrations_make_the_tables_that_the_code_knows(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert migrate.revision(connection) == migrate.NEWEST
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head() == migrate.NEWEST


def test_a_record_of_a_newer_version_is_left_alone(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(migrate.RecordTooNew, match="9999"):
        open_ledger(ledger.home)


def test_homes_opened_at_once_for_the_first_time_are_made_once(tmp_path: Path, database: str) -> None:
    faults = at_once(8, lambda: open_ledger(tmp_path / "home"))
    assert faults == []
    assert open_ledger(tmp_path / "home").batches() == []


def test_of_two_that_commit_the_same_night_at_once_one_is_refused(ledger: Ledger) -> None:
    faults = at_once(4, lambda: commit(ledger, a_batch()))
    assert [type(fault) for fault in faults] == [NightRefused] * 3
    assert len(ledger.batches()) == 1


def test_a_batch_row_that_says_otherwise_than_its_state_allows_is_refused_by_the_tables(
    ledger: Ledger,
) -> None:
    commit(ledger, a_batch())
    with pytest.raises(IntegrityError), ledger.engine.begin() as connection:
        connection.exec_driver_sql("update batch set state = 'gone'")


def test_only_its_owner_reads_the_record(ledger: Ledger, database: str) -> None:
    file = "ledger.db" if database == "sqlite" else "shared-ledger.json"
    assert (ledger.home / file).stat().st_mode & 0o077 == 0
    assert ledger.home.stat().st_mode & 0o077 == 0


def test_a_moment_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="names no time zone"):
        ledger.commit_batch(replace(a_batch()), documents=[], recorded_at=AT.replace(tzinfo=None))


def at_once(threads: int, act: Callable[[], object]) -> list[Exception]:
    """Run `act` in many threads that start together; return what they raised."""
    gate = threading.Barrier(threads)
    faults: list[Exception] = []

    def one() -> None:
        gate.wait()
        try:
            act()
        except Exception as fault:
            faults.append(fault)

    running = [threading.Thread(target=one) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return faults
