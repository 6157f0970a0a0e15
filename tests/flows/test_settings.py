"""What Prefect is told before it is imported, and the documents a lender starts from."""

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows import clock, settings
from flows.request import Request, absolute_source
from linewatch.documents import load_documents
from linewatch.errors import DocumentRefused
from tasks.init import init
from tasks.source import default_as_of


def test_prefect_lives_under_the_home_and_tells_nobody(tmp_path):
    environment: dict[str, str] = {}
    settings.prepare(tmp_path, environment=environment)
    assert environment["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["GX_ANALYTICS_ENABLED"] == "false"
    assert int(environment["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]) >= 120
    assert environment["PREFECT_RESULTS_DEFAULT_SERIALIZER"] == "json"


def test_a_server_that_somebody_named_is_used_and_telemetry_stays_off(tmp_path):
    environment = {"PREFECT_API_URL": "http://prefect.example/api", "DO_NOT_TRACK": "0"}
    settings.prepare(tmp_path, environment=environment)
    assert "PREFECT_HOME" not in environment
    assert environment["PREFECT_API_URL"] == "http://prefect.example/api"
    assert environment["DO_NOT_TRACK"] == "1"


@pytest.mark.parametrize("module", ["flows.cli", "flows.verbs", "flows.nights", "flows.showing"])
def test_what_answers_a_question_imports_neither_prefect_nor_great_expectations(module):
    heavy = "{'prefect', 'great_expectations', 'duckdb', 'sqlalchemy'}"
    code = f"import sys, {module}; print(sorted(set(sys.modules) & {heavy}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 21, 17, 15, tzinfo=UTC), "Asia/Shanghai", date(2026, 11, 21)),
        (datetime(2026, 11, 21, 17, 15, tzinfo=UTC), "Europe/Warsaw", date(2026, 11, 20)),
        (datetime(2026, 3, 1, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 2, 27)),
        (datetime(2028, 3, 1, 12, 0, tzinfo=UTC), "Europe/London", date(2028, 2, 29)),
    ],
)
def test_a_night_left_undated_reviews_the_day_that_had_ended_in_the_lenders_zone(moment, zone, day):
    assert clock.day_that_ended(moment, ZoneInfo(zone)) == day


def test_a_late_run_still_reviews_the_day_it_was_scheduled_for(tmp_path):
    scheduled, started = (datetime(2026, 11, day, 17, 15, tzinfo=UTC) for day in (21, 23))
    request = Request(source="inbox/{as_of}", home=str(tmp_path))
    night = request.night(scheduled=scheduled, recorded_at=started)
    assert night.as_of == date(2026, 11, 21)
    assert night.source == "inbox/2026-11-21"


def test_a_public_data_set_is_reviewed_as_at_its_own_day():
    source = "uci_credit_default:cards.parquet"
    assert Request(source=source).day(datetime(2026, 11, 21, tzinfo=UTC)) == default_as_of(source)
    assert default_as_of("a/folder") is None
    assert default_as_of("postgresql://db.example/lender") is None


@pytest.mark.parametrize(
    ("source", "absolute"),
    [
        ("inbox/{as_of}", f"{Path.cwd()}/inbox/{{as_of}}"),
        ("uci_credit_default:cards.csv", f"uci_credit_default:{Path.cwd()}/cards.csv"),
        ("postgresql://db.example/lender", "postgresql://db.example/lender"),
    ],
)
def test_another_process_finds_the_same_source(source, absolute):
    assert absolute_source(source) == absolute


def test_a_lender_starts_from_documents_that_a_night_takes(tmp_path):
    written = init(tmp_path / "lender")
    documents = load_documents(date(2026, 11, 21), profile=written.profile)
    assert {source.path for source in documents.sources} <= set(written.files)
    assert {source.kind for source in documents.sources} == {
        "profile", "policy", "scorecard", "regulation", "notice",
    }  # fmt: skip


def test_a_profile_that_is_written_says_what_is_true_of_it(tmp_path):
    text = init(tmp_path).profile.read_text(encoding="utf-8")
    assert text.startswith("# Your lender.")
    assert "shipped profile" not in text
    assert 'id = "example-lender"' in text


def test_shipped_documents_in_force_beside_a_profile_of_ones_own_are_told(tmp_path):
    day, profile = date(2026, 11, 21), init(tmp_path).profile
    assert load_documents(day).notes == load_documents(day, profile=profile).notes == ()
    for room in ("policies", "notices"):
        shutil.rmtree(tmp_path / room)
    (told,) = load_documents(day, profile=profile).notes
    assert told.endswith("so shipped documents are in force: policy default-policy; notice notices")


def test_a_lenders_documents_are_never_written_over(tmp_path):
    written = init(tmp_path)
    written.profile.write_text("mine", encoding="utf-8")
    with pytest.raises(DocumentRefused, match="stands there already"):
        init(tmp_path)
    assert written.profile.read_text(encoding="utf-8") == "mine"


def test_a_night_knows_what_was_typed_that_another_command_for_it_must_carry(tmp_path):
    request = Request("inbox", date(2026, 11, 21), str(tmp_path / "our home"), threads=2, revise=True)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    night = request.night(scheduled=at, recorded_at=at)
    assert night.options == f"--source inbox --home '{tmp_path / 'our home'}' --threads 2"
    assert night.command == f"linewatch night --as-of 2026-11-21 {night.options} --revise"
