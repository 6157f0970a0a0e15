"""Pruning: what the profile keeps no longer goes, what law and later nights need stays, the log is whole."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ledger import open_ledger
from linewatch.documents import load_documents
from linewatch.errors import DataRefused, NightHeld, NotFound
from linewatch.receipt import Receipt
from tasks import again
from tasks.access import export_borrower
from tasks.approve import approve
from tasks.checkpoint import sign_standing
from tasks.commit import commit_night
from tasks.demo import write_demo
from tasks.explain import explain
from tasks.export import export_drafts, queue_rows
from tasks.log_proof import prove
from tasks.prune import planned, prune
from tasks.reverse import planned as planned_reversal
from tests.cutting import cut_off_at
from tests.flows.console import here, linewatch
from tests.tasks.kept_nights import DAYS, RULES, TODAY, WHO, commit, kept_documents, kept_nights, retention
from tests.tasks.record_fixture import decided, night
from tests.torture.state import differences, state
from tests.whole_night import run_night
from verify.home import check

FIRST, SECOND, THIRD, OF_LAW, LATE, NEWEST = DAYS


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept_nights(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def home(before: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(before, tmp_path / "home"))


@pytest.fixture(scope="module")
def pruned(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Path(shutil.copytree(before, tmp_path_factory.mktemp("pruned") / "home"))
    prune(home, **WHO, recorded_at=TODAY)
    sign_standing(home, TODAY)
    return home


def left(home: Path, day: date) -> tuple[bool, set[str]]:
    """Whether the snapshot of a night is there, and which files of its batch, on the disk and in force."""
    batch = open_ledger(home).standing(day)
    there = {name for name in batch.files if batch.path(home, name).exists()}  # type: ignore[union-attr]
    on_disk = {path.name.rpartition("-")[0] for path in (home / batch.folder).iterdir()}
    assert on_disk == there - {"manifest"}
    return bool(batch.snapshot) and (home / batch.snapshot).is_dir(), there - {"manifest"}


def test_a_dry_run_says_by_kind_what_goes_and_what_stays_and_changes_nothing(home: Path) -> None:
    as_it_was = state(home)
    shares = {share.kind: share for share in planned(home, TODAY).shares}
    assert differences(as_it_was, state(home)) == []
    assert all(share.bytes > 0 for share in shares.values())
    held = {kind: {each.batch[:10]: each for each in share.held} for kind, share in shares.items()}
    by_law = "the law keeps it: record us-regb-retention of the pack us"
    assert (held["snapshots"]["2025-10-01"].because, set(held["snapshots"])) == (by_law, {"2025-10-01"})
    assert held["snapshots"]["2025-10-01"].until == date(2027, 11, 1)
    assert held["decisions"].keys() == {"2024-06-15"}
    assert held["decisions"]["2024-06-15"].because.startswith("a night that the law keeps is replayed from")
    assert not held["drafts"]
    logs = {"log/fault-x.txt", *(f"log/{day}.jsonl" for day in DAYS[:5])}
    assert set(shares["logs"].files) == logs


def test_the_same_is_gone_that_was_foretold_and_the_log_is_whole(before: Path, pruned: Path) -> None:
    told = {share.kind: share.files for share in planned(before, TODAY).shares}
    gone = {path for paths in told.values() for path in paths}
    assert gone == {
        path.relative_to(before).as_posix()
        for path in before.rglob("*")
        if path.is_file() and not (pruned / path.relative_to(before)).exists()
    }
    assert left(pruned, FIRST) == left(pruned, SECOND) == (False, {"leaves"})
    assert "decisions" in left(pruned, THIRD)[1]
    assert "drafts" not in left(pruned, THIRD)[1]
    assert not left(pruned, THIRD)[0]
    assert left(pruned, OF_LAW) == left(before, OF_LAW)
    assert left(pruned, NEWEST) == left(before, NEWEST)
    report = check(pruned)
    assert report.faults == ()
    assert report.counts["snapshots_gone"] == 3
    ledger = open_ledger(pruned)
    batch = ledger.batches()[-1]
    assert batch.kind == "prune"
    assert batch.counts["exports"]["files"] == len(told["exports"])
    (who,) = ledger.approvals(batch)
    assert (who.action, who.by, who.because) == ("prune", WHO["by"], WHO["because"])


def test_pruning_twice_changes_nothing(pruned: Path) -> None:
    as_it_was = state(pruned)
    assert prune(pruned, **WHO, recorded_at=TODAY).batch == ""
    assert differences(as_it_was, state(pruned)) == []


@pytest.mark.parametrize("point", ["erase.transaction:inside", "prune.file:before", "prune.batches:before"])
def test_cut_off_anywhere_and_asked_for_again_it_is_done_once(home: Path, pruned: Path, point: str) -> None:
    with cut_off_at(point):
        prune(home, **WHO, recorded_at=TODAY)
    assert check(home).faults == ()
    prune(home, **WHO, recorded_at=TODAY)
    files = {path.relative_to(pruned) for path in pruned.rglob("*")}
    assert {path.relative_to(home) for path in home.rglob("*")} == files
    assert [each.kind for each in open_ledger(home).batches()].count("prune") == 1


def test_a_folder_that_was_emptied_before_it_was_cut_off_is_taken_away_by_the_next(pruned: Path) -> None:
    (pruned / "out" / FIRST.isoformat()).mkdir()
    prune(pruned, **WHO, recorded_at=TODAY)
    assert not (pruned / "out" / FIRST.isoformat()).exists()


def test_every_verb_says_that_a_night_was_pruned_and_on_which_day(pruned: Path, tmp_path: Path) -> None:
    on = r"was pruned on 2026-11-28"
    batch = open_ledger(pruned).standing(FIRST)
    with pytest.raises(NotFound, match=rf"file of decisions of {batch.batch} {on}"):
        explain(pruned, "F0000001", FIRST)
    with pytest.raises(NotFound, match=rf"snapshot of {batch.batch} {on}"):
        again.rows_of(pruned, batch)
    with pytest.raises(NotFound, match=on), planned_reversal(pruned, FIRST):
        pass
    with pytest.raises(NotFound, match=rf"file of drafts .*{on}"):
        export_drafts(pruned, THIRD)
    with pytest.raises(NotFound, match=on):
        queue_rows(pruned, FIRST)
    with pytest.raises(NotFound, match=r"2 batches, up to 2022-06-30-night-.*, were pruned, the last on"):
        prove(pruned, "0" * 32, tmp_path)


def test_a_night_whose_snapshot_alone_is_gone_is_explained_and_says_so(pruned: Path) -> None:
    assert explain(pruned, "F0000001", THIRD).content["source_pruned_on"] == "2026-11-28"
    assert explain(pruned, "F0000001", NEWEST).content["source_pruned_on"] is None


def test_a_borrower_is_told_what_is_not_kept_any_more(pruned: Path, tmp_path: Path) -> None:
    made = export_borrower(pruned, "B0", TODAY, tmp_path / "export")
    told = json.loads(made.json.read_text(encoding="utf-8"))["pruned"]
    assert [each["as_of"] for each in told] == [day.isoformat() for day in (FIRST, SECOND, THIRD)]
    assert {each["on"] for each in told} == {"2026-11-28"}
    assert {"snapshot", "decisions", "drafts"} <= set(told[0]["what"])
    assert "2022-01-31" in made.page.read_text(encoding="utf-8")


def test_what_the_law_keeps_can_still_be_decided_again(pruned: Path) -> None:
    batch = open_ledger(pruned).standing(OF_LAW)
    assert again.rows_of(pruned, batch).previous_as_of == THIRD


def test_a_night_that_carried_on_from_what_is_gone_is_not_decided_again_as_if_it_were_the_first(
    tmp_path: Path,
) -> None:
    days = (date(2023, 1, 15), date(2024, 7, 15), date(2026, 10, 21), date(2026, 11, 21))
    home = kept_nights(tmp_path, days, packs=(), decisions=29, snapshots=100)
    prune(home, **WHO, recorded_at=TODAY)
    batch = open_ledger(home).standing(days[1])
    assert "decisions" in batch.files
    with pytest.raises(NotFound, match=r"file of decisions of 2023-01-15-night-.* was pruned on 2026-11-28"):
        again.rows_of(home, batch)


def test_nights_of_the_last_400_days_stay_whatever_the_rule_says(tmp_path: Path) -> None:
    """14 months are 425 days at most, and a night may be late: the last two nights count, not today."""
    days = (date(2023, 1, 1), date(2023, 2, 1), date(2024, 2, 1))
    home = kept_nights(tmp_path, days, packs=(), decisions=14, snapshots=1)
    (decisions,) = (share for share in planned(home, TODAY).shares if share.kind == "decisions")
    assert {(each.batch[:10], each.because) for each in decisions.held} == {
        ("2023-01-01", "later nights carry on from it"),
        ("2023-02-01", "later nights carry on from it"),
        ("2024-02-01", "it is of the newest night"),
    }
    prune(home, **WHO, recorded_at=TODAY)
    assert left(home, days[2])[0]
    assert not left(home, days[1])[0]
    past = open_ledger(home).history()
    assert past.decisions is not None
    assert past.decisions.exists()
    assert len(past.changes) == 3


def test_what_a_later_snapshot_has_too_is_not_counted_as_room_that_is_gained(before: Path) -> None:
    """All nights read the same folder, so that all snapshots are one file under many names."""
    (snapshots,) = (share for share in planned(before, TODAY).shares if share.kind == "snapshots")
    manifests = sum((before / path).stat().st_size for path in snapshots.files if path.endswith(".json"))
    assert snapshots.bytes == manifests
    assert len(snapshots.files) == 3 * 3


def test_while_a_night_is_held_nothing_goes(home: Path, tmp_path: Path) -> None:
    from tests.tasks.record_fixture import small_folder

    made = night(
        home, small_folder(tmp_path / "s"), as_of=date(2026, 11, 22), documents=kept_documents(), threads=1
    )
    decided(made)
    commit_night(made, ("seen by nobody yet",))
    as_it_was = {path for path in home.rglob("*") if "work" not in path.parts}
    with pytest.raises(NightHeld):
        prune(home, **WHO, recorded_at=TODAY)
    assert {path for path in home.rglob("*") if "work" not in path.parts} == as_it_was


def test_who_prunes_and_why_must_be_said_and_nothing_goes_before(home: Path) -> None:
    as_it_was = state(home)
    with pytest.raises(DataRefused, match="--by and --because must say something"):
        prune(home, by="", because="", recorded_at=TODAY)
    assert differences(as_it_was, state(home)) == []


def test_without_a_rule_nothing_goes(tmp_path: Path) -> None:
    home = kept_nights(tmp_path, DAYS[:1], packs=(), logs=1200)
    plan = planned(home, TODAY)
    assert [(share.kind, share.files) for share in plan.shares] == [("logs", ())]
    assert prune(home, **WHO, recorded_at=TODAY).batch == ""


@pytest.mark.slow
def test_the_night_after_a_prune_decides_what_it_would_have_decided_without_one(tmp_path: Path) -> None:
    """Also: a line of a night whose snapshot is gone is explained, saying so."""
    profile = tmp_path / "profile.toml"
    profile.write_text(retention(snapshots=1, decisions=14, drafts=1), encoding="utf-8")
    ages_ago, last, tonight = date(2023, 6, 21), date(2026, 10, 21), date(2026, 11, 21)
    for nights, until in ((1, ages_ago), (2, tonight)):
        write_demo(tmp_path / "demo", borrowers=60, seed=5, nights=nights, every="month", last_as_of=until)

    def decided_on(day: date, home: Path) -> Receipt:
        given = load_documents(day, profile=profile)
        made = run_night(
            tmp_path / "demo" / day.isoformat(), day, home, threads=1, documents=given, promises=False
        )
        return approve(home, day, **WHO, recorded_at=TODAY) if made.status == "held" else made

    home = tmp_path / "home"
    decided_on(ages_ago, home)
    before = decided_on(last, home)
    other = Path(shutil.copytree(home, tmp_path / "other"))
    shares = {share.kind: share for share in planned(home, TODAY).shares}
    (carried_on,) = shares["decisions"].held
    assert carried_on.because.startswith("a night that the law keeps is replayed from it: record cn-pipl-56")
    prune(home, **WHO, recorded_at=TODAY)
    line = pq.read_table(before.paths["decisions"], columns=["facility_id"])["facility_id"][0].as_py()
    assert "its rows of this night were pruned on 2026-11-28" in explain(home, line, ages_ago).text
    assert decided_on(tonight, home).root == decided_on(tonight, other).root
    assert prune(home, **WHO, recorded_at=TODAY).batch
    sign_standing(home, TODAY)
    assert check(home).faults == ()


def test_a_person_types_it_and_sees_what_would_go_and_what_went(home: Path) -> None:
    who = ("--by", "li", "--because", "It is older than we keep it.")
    foretold, refused, done, again, verified = (
        typed(*words, "--home", home, "--json")
        for typed, words in (
            (here, ("prune", "--dry-run")), (here, ("prune",)), (linewatch, ("prune", *who)),
            (here, ("prune", *who)), (here, ("log", "verify")),
        )
    )  # fmt: skip
    assert (foretold.exit_code, foretold.answer["status"]) == (0, "planned")
    assert set(foretold.answer["kinds"]) == set(RULES)
    assert (refused.exit_code, refused.answer["error"]["kind"]) == (2, "DataRefused")
    assert (done.exit_code, done.answer["status"]) == (0, "pruned")
    assert done.answer["kinds"] == foretold.answer["kinds"]
    assert (again.exit_code, again.answer["status"], again.answer["batch"]) == (0, "unchanged", "")
    assert verified.answer["status"] == "whole"


def test_a_batch_upon_a_night_holds_no_snapshot_that_another_stands_in_for_or_that_is_gone(
    tmp_path: Path,
) -> None:
    """A reversal names the folder of its night's snapshot as it was then, and has no manifest of its own."""
    home = kept_nights(tmp_path, DAYS[:1], packs=(), snapshots=12)
    ledger = open_ledger(home)
    first = ledger.standing(FIRST)
    upon = first.upon(
        "reversal", "0" * 64, {name: first.files[name] for name in ("changes", "drafts")}, {}, "1"
    )
    ledger.commit_batch(upon, documents=(), recorded_at=TODAY)
    given = kept_documents((), snapshots=12)
    commit(night(home, tmp_path / "source", as_of=NEWEST, documents=given, threads=1))
    prune(home, **WHO, recorded_at=TODAY)
    held = {(each.as_of, each.kind): each.snapshot for each in ledger.batches() if each.kind != "prune"}
    assert {which for which, folder in held.items() if folder} == {(NEWEST, "night")}
    assert [path.name[:10] for path in (home / "snapshots").iterdir()] == [NEWEST.isoformat()]
