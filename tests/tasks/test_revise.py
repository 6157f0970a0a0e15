"""Revising the newest night: other inputs, changes from what is in force, a next night upon them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from flows import replay
from flows.nightly import correct
from ledger import open_ledger
from linewatch.documents import SHIPPED, load_documents
from linewatch.errors import DataRefused, NightHeld, NightRefused
from linewatch.night import Night
from linewatch.receipt import Receipt
from sql.past import leave_past
from tasks import revise
from tasks.approve import approve, discard, protect
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import DemoNight, write_demo
from tasks.draft import draft, write_corrections
from tasks.features import features
from tasks.publish import publish
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tasks.reverse import ask, asked, papers, planned
from tasks.reverse import commit as undo
from tests.whole_night import accept

POLICY = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
OTHER = (
    POLICY.replace("low = 11000, mid = 12000, high = 11500", "low = 8500, mid = 8500, high = 8500")
    .replace("low = 10000, mid = 10500, high = 10000", "low = 11000, mid = 12000, high = 12000")
    .replace("value = 5000000\n", "value = 100000\n")
)
"""Cuts where the shipped one raises and the other way round, and asks people for many more cuts."""
FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> list[DemoNight]:
    out = tmp_path_factory.mktemp("lender")
    (out / "other.toml").write_text(OTHER, encoding="utf-8")
    return write_demo(out, borrowers=150, seed=7, nights=2, every="day")


@pytest.fixture(scope="module")
def wrong(lender: list[DemoNight], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose first night was decided under the wrong policy."""
    home = tmp_path_factory.mktemp("homes") / "home"
    run(home, lender[0].folder, policy=lender[0].folder.parent / "other.toml", revises=False)
    return home


@pytest.fixture
def home(wrong: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(wrong, tmp_path / "home"))


@pytest.fixture(scope="module")
def once(wrong: Path, lender: list[DemoNight], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, revised under the shipped policy."""
    home = Path(shutil.copytree(wrong, tmp_path_factory.mktemp("once") / "home"))
    run(home, lender[0].folder)
    return home


@pytest.fixture
def revised(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "home"))


@pytest.fixture(scope="module")
def twice(once: Path, lender: list[DemoNight], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, revised back to the wrong policy."""
    home = Path(shutil.copytree(once, tmp_path_factory.mktemp("twice") / "home"))
    run(home, lender[0].folder, policy=lender[0].folder.parent / "other.toml")
    return home


def run(
    home: Path,
    source: Path,
    as_of: date = FIRST,
    *,
    policy: Path | None = None,
    revises: bool = True,
    tripped: tuple[str, ...] = (),
) -> Receipt:
    """A night by its real steps, in the order of the flow; the guards are told, not asked."""
    documents = load_documents(as_of, policy=policy)
    night = Night(as_of, home, str(source), documents, AT, threads=1, revise=revises)
    home.mkdir(parents=True, exist_ok=True)
    sql.open_engine(night.scratch, threads=1)
    try:
        pulled = pull.fn(night)
        if pulled.unchanged:
            return pulled.unchanged
        accept(night)
        revises = revise.begin(night)
        for step in (features, rescore, decide, draft):
            step.fn(night)
        if revises:
            correct(night)
        refer.fn(night)
        if revises:
            revise.open_anew(night)
        receipt = commit.fn(night, tripped)
        if receipt.status == "committed":
            publish.fn(night)
        return receipt
    finally:
        sql.close_engine(night.scratch)


def rows(path: Path | None) -> dict[str, dict[str, Any]]:
    assert path is not None
    return {row["facility_id"]: row for row in pq.read_table(path).to_pylist()}


def of(home: Path, name: str, version: int = -1, as_of: date = FIRST) -> dict[str, dict[str, Any]]:
    return rows(open_ledger(home).versions(as_of)[version].path(home, name))


def in_force(home: Path) -> dict[str, dict[str, Any]]:
    """How each line stands: what the next night carries on from."""
    now = open_ledger(home).history()
    with sql.Engine(None, threads=1) as engine, engine.cursor() as db:
        leave_past(db, now.decisions, now.states)
        return {
            row["facility_id"]: row for row in db.raw.sql("from past_decision").to_arrow_table().to_pylist()
        }


def check_sums(home: Path) -> None:
    """The limit of every line is the one that was found and all that was committed since."""
    versions = open_ledger(home).versions(FIRST)
    limit = {name: row["limit_cents"] for name, row in rows(versions[0].path(home, "decisions")).items()}
    ids: Counter[str] = Counter()
    for each in versions:
        for name, row in rows(each.path(home, "changes")).items():
            assert row["old_limit_cents"] == limit.get(name, row["old_limit_cents"])
            limit[name] = row["new_limit_cents"]
            ids[row["change_id"]] += 1
    stands = {name: row["committed_limit_cents"] for name, row in in_force(home).items()}
    assert {name: limit[name] for name in stands if name in limit} == {
        name: stands[name] for name in stands if name in limit
    }
    assert set(ids.values()) == {1}


def test_a_revision_leaves_in_force_what_it_decides_by_changes_from_what_stood(revised: Path) -> None:
    was, now = of(revised, "decisions", 0), of(revised, "decisions")
    changes = of(revised, "changes")
    stands = in_force(revised)
    assert changes
    assert {name: row["committed_limit_cents"] for name, row in now.items()} == {
        name: stands[name]["committed_limit_cents"] for name in now
    }
    assert {name: row["own_block"] for name, row in now.items()} == {
        name: stands[name]["own_block"] for name in now
    }
    for name, row in changes.items():
        assert row["old_limit_cents"] == was[name]["committed_limit_cents"]
        assert row["new_limit_cents"] == now[name]["committed_limit_cents"]
        assert row["effective_on"] > FIRST
        assert row["new_rate_bp"] <= was[name]["committed_rate_bp"]
    check_sums(revised)
    batch = open_ledger(revised).newest()
    assert batch is not None
    assert (batch.kind, batch.as_of, batch.counts["number"]) == ("revision", FIRST, 1)
    assert (batch.out(revised) / "limit_changes.csv").is_file()


def test_a_revision_takes_back_no_sooner_than_what_it_takes_back_is_made(revised: Path) -> None:
    was, now = of(revised, "changes", 0), of(revised, "changes")
    both = set(was) & set(now)
    assert both
    assert all(now[name]["effective_on"] >= was[name]["effective_on"] for name in both)


def test_the_same_inputs_again_change_nothing_and_others_need_to_be_asked_for(
    revised: Path, lender: list[DemoNight]
) -> None:
    count = len(open_ledger(revised).batches())
    source, other = lender[0].folder, lender[0].folder.parent / "other.toml"
    for revises in (True, False):
        newest = open_ledger(revised).newest()
        assert newest is not None
        assert run(revised, source, revises=revises).root == newest.root
    with pytest.raises(NightRefused, match="the documents differ") as refused:
        run(revised, source, policy=other, revises=False)
    assert "--revise" in refused.value.what_now
    assert len(open_ledger(revised).batches()) == count


def test_a_night_revised_twice_can_come_back_to_where_it_was_under_other_names(
    twice: Path,
) -> None:
    first = of(twice, "decisions", 0)
    versions = open_ledger(twice).versions(FIRST)
    assert [each.kind for each in versions] == ["night", "revision", "revision"]
    assert versions[2].root == versions[0].root
    assert len({each.batch for each in versions}) == 3
    stands = in_force(twice)
    assert {name: stands[name]["committed_limit_cents"] for name in first} == {
        name: row["committed_limit_cents"] for name, row in first.items()
    }
    check_sums(twice)


def loaded(place: Path, source: Path, *changes: dict[str, dict[str, Any]]) -> Path:
    """A night's source as a system of record has it that has loaded these changes."""
    shutil.copytree(source, place)
    table = pq.read_table(place / "facility.parquet")
    limits = dict(zip(table["facility_id"].to_pylist(), table["credit_limit_cents"].to_pylist(), strict=True))
    for each in changes:
        limits |= {name: row["new_limit_cents"] for name, row in each.items() if name in limits}
    at = table.column_names.index("credit_limit_cents")
    column = pa.array(list(limits.values()), table.schema.field(at).type)
    pq.write_table(table.set_column(at, table.schema.field(at), column), place / "facility.parquet")
    return place


def moved(changes: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, row in changes.items() if row["old_limit_cents"] != row["new_limit_cents"]}


def test_the_next_night_stands_on_the_revision_whatever_the_source_has_loaded_and_ends_revising(
    revised: Path, lender: list[DemoNight], tmp_path: Path
) -> None:
    night, revision = of(revised, "changes", 0), of(revised, "changes")
    stood = of(revised, "decisions")
    both = Path(shutil.copytree(revised, tmp_path / "both"))
    run(both, loaded(tmp_path / "a", lender[1].folder, night, revision), SECOND, revises=False)
    found = of(both, "decisions", as_of=SECOND)
    lines = moved(revision) & set(found)
    assert lines
    for name in lines:
        assert found[name]["limit_origin"] == "source"
        assert found[name]["limit_cents"] == stood[name]["committed_limit_cents"]
    run(revised, loaded(tmp_path / "b", lender[1].folder, night), SECOND, revises=False)
    found = of(revised, "decisions", as_of=SECOND)
    for name in lines:
        assert found[name]["limit_origin"] == "in_flight"
        assert found[name]["limit_cents"] == stood[name]["committed_limit_cents"]
    with pytest.raises(NightRefused, match="comes before the newest committed night"):
        run(revised, lender[0].folder, policy=lender[0].folder.parent / "other.toml")


def test_what_the_night_told_is_corrected_and_no_letter_has_the_name_of_another(revised: Path) -> None:
    letters = [
        row
        for each in open_ledger(revised).versions(FIRST)
        for row in pq.read_table(each.path(revised, "drafts")).to_pylist()
    ]
    assert len({row["draft_id"] for row in letters}) == len(letters)
    told, changed = of(revised, "changes", 0), moved(of(revised, "changes"))
    path = open_ledger(revised).versions(FIRST)[1].path(revised, "drafts")
    corrected = {row["facility_id"] for row in pq.read_table(path).to_pylist() if row["kind"] == "correction"}
    assert corrected == changed & set(told)
    assert corrected


def test_cases_that_the_revision_does_not_ask_for_are_closed_and_open_anew_if_a_later_one_does(
    once: Path, twice: Path
) -> None:
    def referred(version: int) -> set[str]:
        lines = of(twice, "decisions", version).values()
        return {row["borrower_id"] for row in lines if row["route"] == "referred"}

    def waiting(home: Path) -> set[str]:
        return {case.borrower_id for case in open_ledger(home).cases.waiting()}

    assert waiting(once) == referred(1)
    assert referred(0) - referred(1)
    assert waiting(twice) == referred(2)


def test_a_held_revision_leaves_the_night_as_it_is_until_somebody_decides(
    home: Path, lender: list[DemoNight]
) -> None:
    before = in_force(home)
    held = run(home, lender[0].folder, tripped=("a guard",))
    assert held.status == "held"
    assert in_force(home) == before
    with pytest.raises(NightHeld):
        run(home, lender[1].folder, SECOND, revises=False)
    with pytest.raises(DataRefused, match="held whole"):
        protect(home, FIRST, by="wu", because="To see.", recorded_at=AT)
    discard(home, FIRST, by="wu", because="To see.", recorded_at=AT)
    assert in_force(home) == before
    run(home, lender[0].folder, tripped=("a guard",))
    approve(home, FIRST, by="wu", because="Seen.", recorded_at=AT)
    now = of(home, "decisions")
    stands = in_force(home)
    assert all(
        stands[name]["committed_limit_cents"] == row["committed_limit_cents"] for name, row in now.items()
    )
    check_sums(home)


def test_a_source_that_shows_what_the_night_left_is_of_a_later_moment_and_refused(
    home: Path, lender: list[DemoNight], tmp_path: Path
) -> None:
    later = loaded(tmp_path / "later", lender[0].folder, of(home, "changes"))
    with pytest.raises(DataRefused, match="of a later moment"):
        run(home, later)
    assert len(open_ledger(home).batches()) == 1


def test_what_two_people_undid_is_not_revised_and_a_revised_night_not_undone(
    home: Path, once: Path, lender: list[DemoNight]
) -> None:
    with planned(home, FIRST, "") as plan:
        ask(plan, by="wu", because="Wrong policy.", second="", recorded_at=AT)
    with planned(home, FIRST, asked(home, FIRST).condition) as plan:
        write_corrections(plan.db, *papers(plan), **plan.given)
        undo(plan, asked(home, FIRST), by="li", because="Seen.", recorded_at=AT)
    with pytest.raises(NightRefused, match="cannot be revised"):
        run(home, lender[0].folder)
    with pytest.raises(DataRefused, match="was revised"), planned(once, FIRST, ""):
        pass


def test_a_line_that_the_mended_source_leaves_out_goes_back_to_what_the_night_found(
    home: Path, lender: list[DemoNight], tmp_path: Path
) -> None:
    line = sorted(moved(of(home, "changes")))[0]
    found = of(home, "decisions")[line]["limit_cents"]
    shutil.copytree(lender[0].folder, tmp_path / "mended")
    for path in sorted((tmp_path / "mended").glob("*.parquet")):
        table = pq.read_table(path)
        if "facility_id" in table.column_names:
            kept = [name != line for name in table["facility_id"].to_pylist()]
            pq.write_table(table.filter(pa.array(kept)), path)
    run(home, tmp_path / "mended")
    assert line not in of(home, "decisions")
    assert of(home, "changes")[line]["new_limit_cents"] == found
    assert in_force(home)[line]["committed_limit_cents"] == found


def test_a_block_for_a_death_that_was_none_is_taken_off_and_one_that_was_missed_put_on(
    home: Path, lender: list[DemoNight], tmp_path: Path
) -> None:
    first, second = sorted({row["borrower_id"] for row in of(home, "decisions").values()})[:2]
    kept = tmp_path / "kept"
    run(kept, deaths(tmp_path / "a", lender[0].folder, first), revises=False)
    lines = {name: row["borrower_id"] for name, row in of(kept, "decisions").items()}
    before = in_force(kept)
    assert {name for name in lines if before[name]["own_block"]} == own(lines, first)
    run(kept, deaths(tmp_path / "b", lender[0].folder, second))
    after, changes = in_force(kept), of(kept, "changes")
    assert {name for name in lines if after[name]["own_block"]} == own(lines, second)
    blocked = {name: row["blocked"] for name, row in changes.items() if lines[name] in (first, second)}
    assert blocked == {name: name in own(lines, second) for name in own(lines, first) | own(lines, second)}


def deaths(place: Path, source: Path, borrower_id: str) -> Path:
    """A source in which one borrower has died."""
    shutil.copytree(source, place)
    table = pq.read_table(place / "borrower.parquet")
    died = [date(2026, 11, 1) if each == borrower_id else None for each in table["borrower_id"].to_pylist()]
    at = table.column_names.index("deceased_on")
    pq.write_table(
        table.set_column(at, "deceased_on", pa.array(died, pa.date32())), place / "borrower.parquet"
    )
    return place


def own(lines: dict[str, str], borrower_id: str) -> set[str]:
    return {name for name, each in lines.items() if each == borrower_id}


def test_a_night_and_its_revision_are_replayed_each_by_itself(revised: Path) -> None:
    found = list(replay.all_of(revised, None, None))
    assert [each.status for each in found] == ["same", "same"]
    batches = [each.batch for each in open_ledger(revised).versions(FIRST)]
    assert [each.content["batch"] for each in found] == batches


@pytest.fixture(autouse=True)
def closed(tmp_path: Path) -> Iterator[None]:
    yield
    for path in tmp_path.glob("**/spill"):
        sql.close_engine(path)
