"""What a person types that needs no night: answers, errors and exit codes of the real console script."""

import tomllib
from pathlib import Path

import pytest

from flows import clock
from tasks.lock import turn
from tests.flows.console import alone, here


def test_help_names_every_command_and_imports_nothing_that_a_night_takes():
    said = alone("--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in said.err.splitlines()}
    assert "flows.cli" in imported
    assert not imported & {"prefect", "duckdb", "sqlalchemy", "great_expectations", "pandas"}
    assert said.exit_code == 0
    for command in ("init", "night", "demo", "queue", "explain", "status", "serve", "scorecard", "approve"):
        assert command in said.out


@pytest.mark.parametrize(
    "words",
    [
        ["nihgt"],
        ["night"],
        ["night", "--source", "x", "--as-of", "yesterday"],
        ["night", "--source", "x", "--threads", "0"],
        ["night", "--source", "x", "--threads", "5000"],
        ["status", "--jsno"],
        ["demo", "--out", "x", "--dirty", "2"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_is_refused_with_a_hint_and_no_traceback(words):
    said = alone(*words)
    assert said.exit_code == 2
    assert said.out == ""
    known = f"linewatch {words[0]}" if words[0] != "nihgt" else "linewatch"
    assert f"{known} --help lists what can be typed." in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["night", "--source", "x", "--as-of", "2026-13-45"],
            "--as-of: '2026-13-45' is not a day; a day",
        ),
        (["night", "--source", "x", "--threads", "few"], "--threads: 'few' is not a whole number."),
        (["night", "--source"], "--source needs a value."),
        (["approve", "2026-11-21"], "--by is missing."),
        (["approve", "today", "--by", "wu", "--because", "x"], "AS-OF: 'today' is not a day"),
        (["letters", "show"], "KEY is missing."),
        (["explain"], "FACILITY is missing."),
        (["status", "x"], "Not expected here: x."),
    ],
    ids=" ".join,
)
def test_what_is_wrong_with_a_command_line_is_said_in_the_words_of_its_help(words, said):
    assert here(*words).err.startswith(said)


def test_the_version_is_that_of_the_package():
    told = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert alone("--version").out.strip() == told["project"]["version"]


def test_an_error_says_what_where_and_what_now_on_standard_error_alone(tmp_path):
    said = alone("status", "--home", tmp_path / "nowhere")
    assert said.exit_code == 2
    assert said.out == ""
    assert said.err.splitlines()[0].startswith("No night was ever run in ")
    assert "linewatch night --source" in said.err


def test_asked_for_json_an_error_is_one_object_on_standard_output(tmp_path):
    said = alone("status", "--home", tmp_path / "nowhere", "--json")
    assert said.exit_code == 2
    assert said.answer["status"] == "refused"
    assert set(said.answer["error"]) == {"kind", "what", "where", "what_now"}


def test_asked_for_json_a_misread_command_is_one_object_too():
    said = alone("night", "--source", "x", "--as-of", "yesterday", "--json")
    assert said.exit_code == said.answer["exit_code"] == 2
    assert "--as-of" in said.answer["error"]["what"]
    assert "--as-of" in said.err


@pytest.mark.parametrize(
    "source",
    ["postgresql://lw:s3cret@db/core", "postgresql://lw:s3cr/et@db/core", "host=db user=lw password=s3cret"],
)
def test_a_password_in_the_source_is_neither_repeated_nor_kept(source, tmp_path):
    home = tmp_path / "home"
    said = alone("night", "--source", source, "--as-of", "2026-11-21", "--home", home, "--json")
    assert said.exit_code == 2
    assert "a password in it" in said.answer["error"]["what"]
    assert "s3cr" not in said.out + said.err
    assert not home.exists()


@pytest.mark.parametrize("home", ["file", "file/below"])
@pytest.mark.parametrize(
    "words", [("night", "--source", ".", "--home"), ("demo", "--borrowers", 5, "--out"), ("init",)], ids=str
)
def test_a_file_where_a_folder_must_be_is_named_without_a_traceback(words, home, tmp_path):
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    said = alone(*words, tmp_path / home)
    assert said.exit_code == 1
    assert said.err.splitlines()[0] == f"{tmp_path / 'file'} is a file where a folder must be."
    assert "Traceback" not in said.err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "a file"


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "F1"),
        ("queue", "export"),
        ("approve", "2026-11-21", "--by", "wu", "--because", "seen"),
        ("discard", "2026-11-21", "--by", "wu", "--because", "seen"),
    ],
    ids=" ".join,
)
def test_asking_of_a_home_that_is_not_there_makes_none(words, tmp_path):
    said = alone(*words, "--home", tmp_path / "mistyped")
    assert said.exit_code == 2
    assert "No night was ever run in" in said.err
    assert not (tmp_path / "mistyped").exists()


def test_a_day_at_the_end_of_the_calendar_is_refused_before_anything_starts(tmp_path):
    said = alone("night", "--source", tmp_path, "--as-of", "9999-12-31", "--home", tmp_path / "home")
    assert said.exit_code == 2
    assert "9999-12-31 is not a day from" in said.err
    assert not (tmp_path / "home").exists()


def test_a_file_in_place_of_a_home_is_said_to_be_one(tmp_path):
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    said = alone("status", "--home", tmp_path / "file")
    assert said.err.splitlines()[0] == f"{tmp_path / 'file'} is a file where a folder must be."


def test_the_home_is_taken_from_the_environment(tmp_path):
    said = alone("status", "--json", LINEWATCH_HOME=str(tmp_path / "mine"))
    assert str(tmp_path / "mine") in said.answer["error"]["what"]


def test_a_lenders_own_documents_are_written_once(tmp_path):
    written = alone("init", tmp_path / "lender", "--json")
    assert written.exit_code == 0
    assert written.answer["profile"] == str(tmp_path / "lender" / "profile.toml")
    again = alone("init", tmp_path / "lender")
    assert again.exit_code == 2
    assert "stands there already" in again.err


def test_the_generated_lender_is_the_same_for_the_same_seed(tmp_path):
    first, second = (
        alone("demo", "--borrowers", 50, "--out", tmp_path / name, "--seed", 3, "--json")
        for name in ("one", "two")
    )
    assert first.exit_code == second.exit_code == 0
    assert first.answer["nights"][0]["rows"] == second.answer["nights"][0]["rows"]
    assert "AUC of the best possible score" in alone("demo", "--borrowers", 500, "--out", tmp_path / "x").out


def test_a_wrong_document_is_told_whole_before_anything_starts(tmp_path):
    alone("init", tmp_path)
    profile = tmp_path / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    faulty = text.replace('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Atlantis"') + '\nslogan = "x"\n'
    profile.write_text(faulty.replace("freshness_days = 3", "freshness_days = -3"), encoding="utf-8")
    said = alone("night", "--source", tmp_path, "--profile", profile, "--home", tmp_path / "home")
    assert said.exit_code == 2
    assert all(key in said.err for key in ("time_zone", "freshness_days", "slogan"))
    assert not (tmp_path / "home" / "ledger.db").exists()


def test_days_to_catch_up_that_run_backwards_are_refused(tmp_path):
    words = ["night", "--source", tmp_path, "--home", tmp_path, "--from", "2026-11-21", "--to", "2026-11-19"]
    said = alone(*words)
    assert said.exit_code == 2
    assert "--from: 2026-11-21 is after 2026-11-19" in said.err


def test_a_second_night_at_the_same_time_is_told_at_once_who_has_the_home(tmp_path):
    with turn(tmp_path, "the night of 2026-11-20", clock.now()):
        said = alone("night", "--source", tmp_path, "--as-of", "2026-11-21", "--home", tmp_path, "--json")
    assert said.exit_code == 4
    assert said.answer["status"] == "busy"
    assert "the night of 2026-11-20" in said.err


def test_a_fault_of_ours_keeps_its_traceback_in_a_file_and_says_where(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"not a database" * 100)
    said = alone("status", "--home", tmp_path)
    assert said.exit_code == 1
    assert "Traceback" not in said.err
    (kept,) = (tmp_path / "log").glob("fault-*.txt")
    assert str(kept) in said.err
    assert "Traceback" in kept.read_text(encoding="utf-8")
    assert "Traceback" in alone("status", "--home", tmp_path, "--debug").err


def test_run_demo_takes_away_nothing_that_it_did_not_make(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work", encoding="utf-8")
    said = alone("run-demo", "--borrowers", 10, "--out", tmp_path)
    assert said.exit_code == 2
    assert "was not made by run-demo" in said.err
    assert (tmp_path / "home" / "thesis.txt").read_text(encoding="utf-8") == "years of work"
