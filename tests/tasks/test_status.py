"""Status: what stands, what waits and what to type, for a person and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from ledger import NewBatch, Reversal, StoredFile, open_ledger
from linewatch.errors import NotFound
from linewatch.night import Night
from linewatch.progress import mark
from tasks.commit import commit_night
from tasks.expire import expire_due
from tasks.lock import one_at_a_time
from tasks.publish import publish_due
from tasks.status import status, words
from tasks.sweep import close
from tests.tasks.decisions_fixture import committed_home, decrease, line
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night

TODAY = date(2026, 11, 29)


@pytest.fixture
def night(tmp_path: Path) -> Iterable[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    yield made
    sql.close_engine(made.scratch)


def test_a_committed_night_is_shown_with_its_counts_and_cases(night: Night) -> None:
    receipt = commit_night(night)
    close(night)
    found = status(night.home, TODAY)
    assert json.loads(json.dumps(found)) == found
    newest = found["newest"]
    assert (newest["night"], newest["decided"], newest["root"]) == ("2026-11-21", 40, receipt.root)
    assert newest["actions"] == {"decrease": 4, "freeze": 4, "hold": 28, "offer": 4}
    assert found["cases"]["open"] == 2
    assert (found["cases"]["overdue"], found["cases"]["escalated"]) == (2, 0)
    assert found["cases"]["by_age"] == {
        "today": 0, "1-2 days": 0, "3-7 days": 0, "8-30 days": 2, "over 30 days": 0,
    }  # fmt: skip
    assert found["unpublished"][0]["changes"] == 10
    assert (found["held"], found["running"], found["cut_off"]) == (None, None, [])
    assert found["next"].startswith("linewatch night --source")
    publish_due(night)
    assert status(night.home, TODAY)["unpublished"] == []


def test_cases_that_went_up_are_counted_and_no_longer_overdue(tmp_path: Path) -> None:
    home = committed_home(
        tmp_path, [decrease(f"F{at}", route="referred", triggers=["large_decrease"]) for at in range(3)]
    )
    committed_home(home, [line("F9")], as_of=TODAY)
    assert expire_due(home, TODAY, datetime(2026, 11, 30, tzinfo=UTC)).escalated == 3
    cases = status(home, TODAY)["cases"]
    assert (cases["open"], cases["overdue"], cases["escalated"]) == (3, 0, 3)
    assert "0 overdue, 3 escalated" in words(status(home, TODAY))


def test_a_held_night_is_shown_with_why_and_with_what_to_type(night: Night) -> None:
    commit_night(night, ("too many decreases",))
    close(night)
    found = status(night.home, TODAY)
    assert found["held"]["held_because"] == ["too many decreases"]
    assert found["next"].startswith("linewatch approve 2026-11-21")
    text = words(found)
    assert "newest       none" in text
    assert "because too many decreases" in text


def test_a_night_that_was_cut_off_is_shown_with_the_step_it_was_in(night: Night) -> None:
    mark(replace(night, named=("--profile", "our lender.toml")), "decide")
    found = status(night.home, TODAY)
    assert found["cut_off"] == [{"night": "2026-11-21", "step": "decide"}]
    again = f"linewatch night --as-of 2026-11-21 --source {night.source} --profile 'our lender.toml'"
    assert found["next"] == f"{again} --home {night.home}"
    assert "cut off      the night of 2026-11-21, at decide" in words(found)


def test_a_night_that_runs_is_not_one_that_was_cut_off(night: Night) -> None:
    mark(night, "decide")
    with one_at_a_time(night):
        found = status(night.home, TODAY)
    assert found["cut_off"] == []
    assert found["running"].startswith("the night of 2026-11-21, process")


def test_a_folder_that_is_no_home_is_said_to_be_none_and_stays_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No night was ever run"):
        status(tmp_path / "empty", TODAY)
    assert not (tmp_path / "empty").exists()


def asked_to_undo(home: Path, second: str = "") -> None:
    ledger = open_ledger(home)
    newest = ledger.newest()
    assert newest is not None
    ledger.ask_reversal(
        Reversal(
            seq=0,
            night_seq=newest.seq,
            condition="",
            by="ann",
            registered=False,
            because="wrong card",
            second=second,
            root="0" * 64,
            content={},
            recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    )


def test_a_request_to_undo_a_night_is_shown_until_somebody_confirms_it(tmp_path: Path) -> None:
    home = committed_home(tmp_path, [decrease("F1")])
    assert status(home, TODAY)["reversals"] == []
    asked_to_undo(home)
    asked_to_undo(home, second="bo")
    (request,) = status(home, TODAY)["reversals"]
    assert (request["night"], request["by"], request["second"]) == ("2026-11-20", "ann", "bo")
    command = f"linewatch reverse 2026-11-20 --by bo --because TEXT --confirm --home {home}"
    assert request["next"] == command
    told = words(status(home, TODAY))
    assert "to undo      the night of 2026-11-20, asked for by ann (wrong card); waits for bo" in told
    assert command in told


def test_lines_of_a_country_without_a_pack_of_law_are_counted_by_country(tmp_path: Path) -> None:
    lines = [line("F1", jurisdiction="BR"), line("F2", jurisdiction="BR"), line("F3"), line("F4")]
    home = committed_home(tmp_path, lines)
    found = status(home, TODAY)
    assert found["without_law"]["lines"] == {"BR": 2}
    assert "the profile maps to no pack: BR 2 lines, decided by policy alone" in words(found)
    assert "linewatch regulation show" in words(found)


def test_where_every_country_has_its_law_nothing_is_said_of_it(tmp_path: Path) -> None:
    found = status(committed_home(tmp_path, [line("F1")]), TODAY)
    assert found["without_law"] is None
    assert "no law" not in words(found)


def test_lines_that_the_system_of_record_does_not_show_yet_are_counted_and_the_late_ones_named(
    tmp_path: Path,
) -> None:
    night_of = date(2026, 11, 20)
    lines = [
        line("F1", expected_on=date(2026, 11, 19), decided_on=night_of),
        line("F2", expected_on=night_of, decided_on=night_of),
        line("F3", decided_on=night_of),
    ]
    found = status(committed_home(tmp_path, lines), TODAY)
    assert found["not_shown"] == {"lines": 2, "overdue": 1}
    assert "2 lines by the system of record yet, 1 overdue" in words(found)


def settled_upon(home: Path, **expected: date) -> None:
    """A settlement upon the newest night that leaves these lines to be shown on a day."""
    ledger = open_ledger(home)
    newest = ledger.newest()
    assert newest is not None
    folder = f"batches/{newest.as_of}-settlement-000000000000"
    (home / folder).mkdir()
    state = pa.table({"facility_id": list(expected), "expected_on": list(expected.values())})
    pq.write_table(state.append_column("decided_on", pa.array([newest.as_of] * len(expected))),
                   home / folder / "state.parquet")  # fmt: skip
    new = NewBatch(
        batch=folder.removeprefix("batches/"),
        kind="settlement",
        as_of=newest.as_of,
        root="2" * 64,
        source="generated",
        source_identity="1" * 64,
        documents_identity=newest.documents_identity,
        snapshot="",
        folder=folder,
        files={"state": StoredFile(f"{folder}/state.parquet", "0" * 64, 1, len(expected))},
        counts={"of": newest.seq},
        version="test",
    )
    ledger.commit_batch(new, documents=(), recorded_at=datetime(2026, 11, 22, tzinfo=UTC))


def test_a_line_that_a_settlement_changed_is_not_shown_yet_either(tmp_path: Path) -> None:
    night_of = date(2026, 11, 20)
    lines = [line("F1", expected_on=night_of, decided_on=night_of), line("F2"), line("F3")]
    home = committed_home(tmp_path, lines)
    settled_upon(home, F1=date(2026, 11, 23), F2=date(2026, 11, 23))
    assert status(home, TODAY)["not_shown"] == {"lines": 2, "overdue": 0}


def test_what_waits_is_shown_with_what_to_type(night: Night) -> None:
    commit_night(night)
    close(night)
    found = status(night.home, TODAY)
    assert found["cases"]["next"] == f"linewatch queue show --home {night.home}"
    again = f"linewatch publish --home {night.home}"
    assert found["unpublished"][0]["next"] == again
    assert again in words(found)
