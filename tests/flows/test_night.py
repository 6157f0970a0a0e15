"""Whole nights through Prefect, from the console script: what they leave, say and survive."""

import csv
import json
import re
import signal
import sqlite3
import sys
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.nightly import nightly_review
from flows.shards import ORDER
from flows.steps import STEPS
from linewatch.errors import ExpectationFailed
from tasks.publish import publish
from tasks.pull import pull
from tests.flows.console import Ended, alone, here, linewatch, own_documents
from tests.letters.letters_fixture import outbox_in

pytestmark = pytest.mark.prefect
AS_OF = "2026-11-21"
KEYS = {
    "night", "status", "root", "decided", "actions", "routes", "quarantined", "drafts", "seconds", "usage",
    "paths",
}  # fmt: skip


@pytest.fixture(scope="module")
def lender(tmp_path_factory) -> Path:
    """A folder in the contract, three hundred borrowers as of 21 November; documents of theirs beside it."""
    out = tmp_path_factory.mktemp("lender")
    assert here("demo", "--borrowers", 300, "--out", out).exit_code == 0
    own_documents(out / "documents")
    return out / AS_OF


@pytest.fixture(scope="module")
def prefect_home(tmp_path_factory) -> Path:
    """One Prefect for all nights of this file, so that its database is made once."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


def night(source: Path, home: Path, prefect_home: Path, *words: object, **environment: str) -> Ended:
    if "--profile" not in words:
        words = (*words, *documents_of(source))
    return linewatch(*words_of(source, home), *words, PREFECT_HOME=str(prefect_home), **environment)


def words_of(source: Path, home: Path) -> tuple[object, ...]:
    return ("night", "--source", source, "--as-of", AS_OF, "--home", home, "--json")


def documents_of(source: Path) -> tuple[object, ...]:
    return "--profile", source.parent / "documents" / "profile.toml"


@pytest.fixture(scope="module")
def committed(lender, home, prefect_home) -> Ended:
    """The night that most tests look at: it starts its own server, and nobody has used this Prefect yet."""
    return alone(*words_of(lender, home), *documents_of(lender), PREFECT_HOME=str(prefect_home))


def told_by_prefect(prefect_home: Path, question: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(prefect_home / "prefect.db") as db:
        return db.execute(question).fetchall()


def told_by_log(home: Path) -> list[dict]:
    return [json.loads(line) for line in (home / "log" / f"{AS_OF}.jsonl").read_text("utf-8").splitlines()]


def hashes(answer: dict) -> dict[str, str]:
    """What a night computed, by the name of each file."""
    names = ("decisions", "changes")
    return {name: sha256(Path(answer["paths"][name]).read_bytes()).hexdigest() for name in names} | {
        "drafts": sha256(Path(answer["paths"]["drafts"]).read_bytes()).hexdigest()
    }


def with_hook(folder: Path, policy: str = "") -> tuple[list[object], Path]:
    """Documents whose hook keeps what it is told; `policy` replaces every guard's limit."""
    own_documents(folder)
    told = folder / "told.jsonl"
    script = f"import sys; open({str(told)!r}, 'a').write(sys.stdin.read() + chr(10))"
    with (folder / "profile.toml").open("a", encoding="utf-8") as profile:
        profile.write(f"\n[hook]\ncommand = {json.dumps([sys.executable, '-c', script])}\n")
    if policy:
        (path,) = (folder / "policies").glob("*.toml")
        path.write_text(
            re.sub(r"(?m)^most = \d+$", policy, path.read_text(encoding="utf-8")), encoding="utf-8"
        )
    return ["--profile", folder / "profile.toml"], told


def test_a_night_is_committed_and_says_where_everything_is(committed):
    assert committed.exit_code == 0, committed.err
    answer = committed.answer
    assert set(answer) >= KEYS
    assert answer["status"] == "committed"
    assert set(answer["actions"]) == {"increase", "offer", "hold", "decrease", "freeze", "unfreeze"}
    assert set(answer["routes"]) == {"automatic", "referred"}
    assert answer["decided"] == sum(answer["actions"].values()) == sum(answer["routes"].values())
    assert all(Path(path).is_absolute() and Path(path).exists() for path in answer["paths"].values())
    assert pq.read_metadata(answer["paths"]["decisions"]).num_rows == answer["decided"]
    drafts = Path(answer["paths"]["drafts"]).read_text(encoding="utf-8").splitlines()
    assert len(drafts) == answer["drafts"] == len(outbox_in(Path(answer["paths"]["outbox"]).parent))


def test_standard_output_holds_one_object_and_nothing_else(committed):
    assert committed.out.count("\n") == 1
    assert json.loads(committed.out)
    assert "Traceback" not in committed.err
    assert "nanobind" not in committed.err


def test_each_step_is_timed_and_told_on_a_plain_line(committed):
    assert list(committed.answer["seconds"]) == list(STEPS)
    lines = [line for line in committed.err.splitlines() if re.match(r"\s*\d+/\d+ ", line)]
    assert [line.split()[1] for line in lines] == list(STEPS)


def test_each_step_says_what_it_took_of_the_machine(committed, home):
    usage = committed.answer["usage"]
    assert {step: used["wall_s"] for step, used in usage.items()} == committed.answer["seconds"]
    assert all(used["peak_mb"] > 50 for used in usage.values())
    assert usage["decide"]["cpu_s"] > 0
    assert usage["commit"]["written_mb"] > 0
    assert [line["usage"] for line in told_by_log(home) if line["event"] == "step"] == list(usage.values())


def test_nothing_is_left_of_the_scratch_and_the_log_tells_the_night(committed, home):
    assert not list((home / "work").glob("*"))
    log = told_by_log(home)
    assert [line["event"] for line in log] == ["begun", *("step" for _ in STEPS), "ended"]
    assert log[-1]["root"] == committed.answer["root"]


def test_prefect_shows_the_run_its_steps_and_artifacts_without_anything_personal(
    committed, prefect_home, lender
):
    runs = told_by_prefect(prefect_home, "select name, state_name from flow_run order by created limit 1")
    assert runs == [(f"night-{AS_OF}", "Completed")]
    steps = {name for (name,) in told_by_prefect(prefect_home, "select name from task_run")}
    assert {f"{step} {AS_OF}" for step in STEPS} <= steps
    artifacts = dict(told_by_prefect(prefect_home, "select key, data from artifact where key is not null"))
    assert {
        "night-summary", "night-data-quality", "night-changes-by-grade", "night-queue", "night-report",
        "night-progress",
    } <= set(artifacts)  # fmt: skip
    teams = json.loads(json.loads(artifacts["night-queue"]))  # Prefect keeps a table as text
    with Path(committed.answer["paths"]["queue_csv"]).open(encoding="utf-8-sig", newline="") as file:
        queue = list(csv.DictReader(file))
    for row in teams:
        cases = list(dict.fromkeys(line["case_id"] for line in queue if line["kind"] == row["kind"]))
        assert (row["open"], row["first"].split(", ")) == (len(cases), cases[:5])
    borrowers = pq.read_table(lender / "borrower.parquet", columns=["borrower_id"]).to_pydict()["borrower_id"]
    lines = pq.read_table(lender / "facility.parquet", columns=["facility_id"]).to_pydict()["facility_id"]
    names = pq.read_table(lender / "contact.parquet", columns=["name"]).to_pydict()["name"]
    written = " ".join(map(str, artifacts.values()))
    assert not [word for word in (*borrowers, *lines, *filter(None, names)) if word in written]


def test_the_same_night_again_is_a_no_op_that_says_so(committed, lender, home, prefect_home):
    before = hashes(committed.answer)
    again = night(lender, home, prefect_home)
    assert again.exit_code == 0
    assert again.answer["status"] == "unchanged"
    assert again.answer["root"] == committed.answer["root"]
    assert again.answer["paths"] == committed.answer["paths"]
    assert hashes(again.answer) == before


def test_other_inputs_for_a_committed_night_are_refused(committed, lender, home, prefect_home, tmp_path):
    words, told = with_hook(tmp_path)
    profile = tmp_path / "profile.toml"
    profile.write_text(
        profile.read_text("utf-8").replace("Example Lender", "Another Lender"), encoding="utf-8"
    )
    refused = night(lender, home, prefect_home, *words)
    assert refused.exit_code == 2
    assert refused.answer["status"] == "refused"
    heard = json.loads(told.read_text("utf-8"))
    assert (heard["night"], heard["status"], heard["exit_code"]) == (AS_OF, "refused", 2)
    assert heard["next"].startswith("linewatch ")


def test_a_night_without_a_required_table_is_refused_and_prefect_shows_it_failed(
    lender, prefect_home, tmp_path
):
    source = tmp_path / "source"
    source.mkdir()
    for table in lender.glob("*.parquet"):
        if table.stem != "facility":
            (source / table.name).symlink_to(table)
    refused = night(source, tmp_path / "home", prefect_home, *documents_of(lender))
    assert refused.exit_code == 2
    assert "facility" in refused.answer["error"]["where"]
    for word in documents_of(lender):
        assert f" {word}" in refused.answer["error"]["what_now"]
    assert "nanobind" not in refused.err
    assert not list((tmp_path / "home" / "batches").glob("*"))
    ((state,),) = told_by_prefect(
        prefect_home, "select state_name from flow_run order by created desc limit 1"
    )
    assert state == "Failed"


def test_a_night_killed_before_it_decides_and_again_after_its_commit_ends_with_the_same_bytes(
    committed, lender, prefect_home, tmp_path
):
    home = tmp_path / "home"
    for point, step in (("validate:before", "validate"), ("commit:after", "commit")):
        killed = night(lender, home, prefect_home, LINEWATCH_FAULT_AT=point)
        assert killed.exit_code == -signal.SIGKILL
        cut = json.loads(here("status", "--home", home, "--json").out)["cut_off"]
        assert cut == [{"night": AS_OF, "step": step}]

    again = night(lender, home, prefect_home)
    assert again.exit_code == 0, again.err
    assert again.answer["status"] == "committed"
    assert "was cut off at step commit" in " ".join(again.answer["notes"])
    assert hashes(again.answer) == hashes(committed.answer)
    assert again.answer["root"] == committed.answer["root"]
    begun = [line["notes"] for line in told_by_log(home) if line["event"] == "begun"]
    assert [len(notes) for notes in begun] == [0, 1, 1]
    assert "was cut off at step validate" in begun[1][0]
    states = told_by_prefect(
        prefect_home, f"select state_name from flow_run where parameters like '%{home}%' order by created"
    )
    assert states == [("Crashed",), ("Crashed",), ("Completed",)]


def test_a_night_beyond_its_guards_is_held_told_and_committed_as_it_was_once_approved(
    lender, prefect_home, tmp_path
):
    home = tmp_path / "home"
    words, told = with_hook(tmp_path / "lender", policy="most = 0")
    held = night(lender, home, prefect_home, *words)
    assert held.exit_code == 3
    assert held.answer["status"] == "held"
    assert any(why.startswith("decreased_share_bp is ") for why in held.answer["held_because"])
    assert all(", most 0: " in why for why in held.answer["held_because"])
    assert held.answer["paths"]["queue_xlsx"] is None
    assert list(home.rglob("outbox.jsonl")) == []
    assert json.loads(told.read_text("utf-8"))["next"].startswith(f"linewatch approve {AS_OF}")
    states = told_by_prefect(
        prefect_home, "select state_type, state_name from flow_run order by created desc"
    )
    assert states[0] == ("COMPLETED", "Held")

    again = night(lender, home, prefect_home, *words)
    assert again.exit_code == 3
    approve = ("approve", AS_OF, "--by", "wu", "--because", "seen", "--home", home, "--json")
    approved = linewatch(*approve, PREFECT_HOME=str(prefect_home))
    assert approved.exit_code == 0, approved.err
    assert approved.answer["status"] == "committed"
    assert approved.answer["root"] == held.answer["root"]
    assert Path(approved.answer["paths"]["queue_xlsx"]).exists()
    assert len(outbox_in(Path(approved.answer["paths"]["outbox"]).parent)) == approved.answer["drafts"]
    report = Path(approved.answer["paths"]["report"]).read_text("utf-8")
    assert 'class="pill committed">committed<' in report
    assert "most 0" not in report


def test_only_the_steps_that_touch_the_outside_world_are_tried_again():
    tried_again = {step for step in _tasks() if step.retries}
    assert tried_again == {pull, publish}
    assert all(step.persist_result is False for step in _tasks())


def _tasks() -> list:
    from flows import nightly

    decided = {step.name: step for step in ORDER}
    return [decided.get(step) or getattr(nightly, step) for step in STEPS]


@pytest.mark.usefixtures("prefect_harness")
def test_a_refusal_comes_out_of_the_flow_as_it_was_raised(lender, tmp_path):
    with pytest.raises(ExpectationFailed) as refused:
        nightly_review(as_of=date(2027, 6, 1), source=str(lender), home=str(tmp_path / "home"))
    assert refused.value.exit_code == 2


def test_the_documents_of_the_night_are_named_on_its_summary(committed, prefect_home):
    ((summary,),) = told_by_prefect(
        prefect_home, "select data from artifact where key = 'night-summary' order by created limit 1"
    )
    shipped = Path(__file__).parents[2] / "linewatch" / "policies" / "2000-01-01-default.toml"
    policy = tomllib.loads(shipped.read_text(encoding="utf-8"))
    assert f"| policy | {policy['id']} | {policy['version']} |" in summary
