"""Pulling night after night: what is shared with the snapshot before, and that nothing is taken on trust."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import sql.engine as sql
from linewatch.night import Night
from sources import place, snapshot, taking
from sources.kept import Kept
from sources.moved import MOST_PARTS
from sources.table import SourceRefused
from sql.contract import contract
from tasks.pull import pull_source
from tasks.sweep import sweep
from tests.tasks.moving_source import (
    LINES,
    MONTHS,
    Rows,
    as_rows,
    later,
    lay,
    midnight,
    month_of,
    months,
    parts,
    seen,
    taken,
)
from tests.tasks.record_fixture import AS_OF, small_folder
from tests.tasks.record_fixture import night as a_night
from tests.tasks.test_pull import commit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = small_folder(tmp_path / "source")
    lay(folder, "facility_month", months())
    return folder


@pytest.fixture
def first(tmp_path: Path, source: Path) -> Iterator[Night]:
    made = a_night(tmp_path / "home", source)
    commit(made, pull_source(made))
    yield made
    for path in (tmp_path / "home").glob("work/*/spill"):
        sql.close_engine(path)


def test_a_source_that_did_not_move_is_shared_without_a_row_read(
    first: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.folder.read", lambda *_: pytest.fail("read again"))
    night = later(first)
    pulled = pull_source(night)
    assert (pulled.written_bytes, pulled.changed) == (0, {})
    assert pulled.shared_bytes == taken(first, pull_source(first)).bytes(shared=False)
    assert seen(night) == as_rows(months())


def test_the_same_rows_in_other_bytes_are_shared(first: Night, source: Path) -> None:
    lay(source, "facility_month", list(reversed(months())))
    pulled = pull_source(later(first))
    assert (pulled.written_bytes, pulled.changed) == (0, {})
    assert [path.name for path in taken(first, pulled).folder.glob("*.sorted")] == []


def test_a_restated_row_costs_its_month_and_is_counted(first: Night, source: Path) -> None:
    rows = months()
    rows[3] |= {"closing_balance_cents": 7, "recorded_at": midnight(AS_OF)}
    lay(source, "facility_month", rows)
    night = later(first)
    pulled = pull_source(night)
    base, new = parts(night, pulled)
    assert base["without"] == ["2026-06"]
    assert base["shared_with"].startswith(f"snapshots/{AS_OF}-")
    assert (new["rows"], new["shared_with"], list(new["months"])) == (LINES, None, ["2026-06"])
    counted = {"new": 0, "restated": 1, "gone": 0, "silent": 0}
    rows_of = {"rows_before": LINES, "rows": LINES, "recorded": 1}
    assert pulled.changed == {"facility_month": {"2026-06": {**rows_of, **counted}}}
    assert seen(night) == as_rows(rows)


def test_what_changed_without_being_recorded_is_found_and_said(first: Night, source: Path) -> None:
    rows = months()
    rows[3]["closing_balance_cents"] = 7
    lay(source, "facility_month", rows)
    night = later(first)
    pulled = pull_source(night)
    assert seen(night) == as_rows(rows)
    assert pulled.changed["facility_month"]["2026-06"]["silent"] == 1
    assert "facility_month: 1 row restated without a later recorded_at, of 2026-06" in pulled.notes


def test_a_table_too_large_to_be_read_once_more_says_which_months_changed_unrecorded(
    first: Night, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "COMPARED_MOST", LINES)
    rows = months()
    rows[3]["closing_balance_cents"] = 7
    lay(source, "facility_month", rows)
    night = later(first)
    pulled = pull_source(night)
    assert pulled.changed["facility_month"] == {
        "2026-06": {"rows_before": LINES, "rows": LINES, "recorded": 0}
    }
    assert "facility_month: rows changed or gone without a later recorded_at, of 2026-06" in pulled.notes
    assert seen(night) == as_rows(rows)


def test_two_rows_that_trade_a_value_are_found(first: Night, source: Path) -> None:
    rows = months()
    one, other = rows[0], rows[MONTHS]
    one["closing_balance_cents"], other["closing_balance_cents"] = (
        other["closing_balance_cents"],
        one["closing_balance_cents"],
    )
    lay(source, "facility_month", rows)
    night = later(first)
    assert pull_source(night).changed["facility_month"]["2026-03"]["restated"] == 2
    assert seen(night) == as_rows(rows)


def test_rows_that_were_recorded_since_stand_in_a_part_of_their_own(first: Night, source: Path) -> None:
    now = midnight(AS_OF)
    late = [month_of("F999", date(2026, month, 1), 5, now) for month in (4, 10)]
    lay(source, "facility_month", [*months(), *late])
    night = later(first)
    pulled = pull_source(night)
    base, new = parts(night, pulled)
    assert (base["without"], new["rows"]) == ([], 2)
    counted = {"rows_before": LINES, "rows": LINES + 1, "recorded": 1, "new": 1}
    assert pulled.changed["facility_month"]["2026-04"].items() >= counted.items()
    assert seen(night) == as_rows([*months(), *late])


def test_rows_and_months_that_are_gone_are_gone(first: Night, source: Path) -> None:
    rows = [row for row in months() if row["month"] != date(2026, 3, 1)][1:]
    lay(source, "facility_month", rows)
    night = later(first)
    pulled = pull_source(night)
    assert pulled.changed["facility_month"]["2026-03"]["gone"] == LINES
    assert pulled.changed["facility_month"]["2026-04"]["gone"] == 1
    assert seen(night) == as_rows(rows)
    assert pulled.rows["facility_month"] == len(rows)


def test_a_new_column_or_another_type_takes_the_table_whole(first: Night, source: Path) -> None:
    lay(source, "facility_month", [{**row, "limit_cents": 1} for row in months()])
    night = later(first)
    (part,) = parts(night, pull_source(night))
    assert part["shared_with"] is None
    with sql.cursor(night.scratch) as db:
        assert "limit_cents" in db.columns("raw_facility_month")


def test_rows_of_no_known_month_have_a_place_of_their_own(first: Night, source: Path) -> None:
    odd = [{**month_of("F998", date(2026, 4, 1), 5), "month": day} for day in (None, date(1, 1, 1))]
    lay(source, "facility_month", [*months(), *odd])
    night = later(first)
    commit(night, pull_source(night))
    assert seen(night) == as_rows([*months(), *odd])
    lay(source, "facility_month", [*months(), odd[1]])
    pulled = pull_source(later(night))
    assert pulled.changed["facility_month"]["undated"]["gone"] == 1
    assert seen(later(night)) == as_rows([*months(), odd[1]])


def test_a_table_without_months_grows_or_is_taken_whole(first: Night, source: Path) -> None:
    told = midnight(date(2026, 11, 20))
    contacts = [{"borrower_id": f"B{at}", "name": "n", "recorded_at": told} for at in range(9)]
    lay(source, "contact", contacts)
    second = later(first)
    commit(second, pull_source(second))
    contacts.append({"borrower_id": "B9", "name": "m", "recorded_at": told + timedelta(days=2)})
    lay(source, "contact", contacts)
    third = later(second)
    pulled = pull_source(third)
    commit(third, pulled)
    assert [part["rows"] for part in parts(third, pulled, "contact")] == [9, 1]
    assert seen(third, "contact") == as_rows(contacts)
    contacts[0]["name"] = "restated"
    lay(source, "contact", contacts)
    fourth = later(third)
    pulled = pull_source(fourth)
    assert [part["rows"] for part in parts(fourth, pulled, "contact")] == [10]
    assert "contact: rows changed or gone without a later recorded_at" in pulled.notes
    assert seen(fourth, "contact") == as_rows(contacts)


def test_only_the_files_that_moved_are_read(first: Night, source: Path) -> None:
    (source / "facility_month.parquet").unlink()
    (source / "facility_month").mkdir()
    for month in range(3, 3 + MONTHS):
        some = [row for row in months() if row["month"].month == month]
        lay(source / "facility_month", f"2026-{month:02d}", some)
    second = later(first, full=True)
    pulled = pull_source(second)
    commit(second, pulled)
    assert len(parts(second, pulled)) == MONTHS
    rows = [month_of("F001", date(2026, 11, 1), 9)]
    lay(source / "facility_month", "2026-11", rows)
    third = later(second, full=False)
    pulled = pull_source(third)
    assert [bool(part["shared_with"]) for part in parts(third, pulled)] == [*[True] * MONTHS, False]
    assert seen(third) == as_rows([*months(), *rows])


def test_full_shares_nothing_and_reads_the_same(first: Night, source: Path) -> None:
    rows = months()[:-1]
    lay(source, "facility_month", rows)
    night = later(first)
    pull_source(night)
    shared = seen(night)
    full = replace(night, full=True)
    pulled = pull_source(full)
    assert pulled.shared_bytes == 0
    assert seen(full) == shared == as_rows(rows)
    assert pull_source(full) == pulled


def test_a_part_that_was_altered_is_not_shared(first: Night, source: Path) -> None:
    (part,) = parts(first, pull_source(first))
    old = taken(first, pull_source(first)).folder / part["name"]
    old.write_bytes(old.read_bytes()[:-1] + b"?")
    night = later(first)
    (new,) = parts(night, pull_source(night))
    assert new["shared_with"] is None
    assert seen(night) == as_rows(months())


def test_an_older_snapshot_may_be_taken_away(first: Night) -> None:
    night = later(first)
    pulled = pull_source(night)
    shutil.rmtree(taken(first, pull_source(first)).folder)
    assert taken(night, pulled).rows["facility_month"] == LINES * MONTHS
    assert seen(night) == as_rows(months())


def test_without_hard_links_parts_are_copied(first: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    night = later(first)
    (part,) = parts(night, pull_source(night))
    assert part["shared_with"]
    assert (taken(night, pull_source(night)).folder / part["name"]).stat().st_nlink == 1


def test_a_table_in_many_files_is_taken_whole_again(first: Night, source: Path) -> None:
    rows, night, most = months(), first, 0
    for _ in range(MOST_PARTS + 1):
        night = later(night)
        rows.append(month_of(f"F{900 + most}", date(2026, 4, 1), 5, midnight(night.as_of)))
        lay(source, "facility_month", rows)
        pulled = pull_source(night)
        commit(night, pulled)
        found = parts(night, pulled)
        most = max(most, len(found))
        assert seen(night) == as_rows(rows)
    assert most == MOST_PARTS
    assert len(found) == 2


def test_a_file_that_is_not_what_was_hashed_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="changed while it was read"):
        place.copied(source / "borrower.csv", "0" * 64, tmp_path / "copy", Kept("copy", {}, {}))


def night_one(rows: Rows) -> Rows:
    return rows


def night_two(rows: Rows) -> Rows:
    """A late row, a restated one with and one without a later recorded_at, one gone."""
    rows = [dict(row) for row in rows]
    rows[0] |= {"closing_balance_cents": 1, "recorded_at": midnight(date(2026, 11, 22))}
    rows[20]["closing_balance_cents"] = 2
    return [*rows[:50], *rows[51:], month_of("F500", date(2026, 5, 1), 3, midnight(date(2026, 11, 22)))]


def night_three(rows: Rows) -> Rows:
    """A new column, and a month gone."""
    return [{**row, "drawdown_count": 0} for row in night_two(rows) if row["month"].month != 3]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_three_nights_read_the_same_shared_and_full(tmp_path: Path, form: str) -> None:
    folder = small_folder(tmp_path / "source")
    homes: Iterable[tuple[str, bool]] = (("shared", False), ("full", True))
    change: Callable[[Rows], Rows]
    for at, change in enumerate((night_one, night_two, night_three)):
        lay(folder, "facility_month", change(months()), form)
        found = []
        for name, full in homes:
            night = a_night(tmp_path / name, folder, as_of=AS_OF + timedelta(days=at), full=full)
            pulled = pull_source(night)
            commit(night, pulled)
            found.append((pulled.identity, pulled.rows, *(seen(night, table) for table in pulled.rows)))
            if at == 1:
                assert (pulled.shared_bytes > 0) is not full
            sql.close_engine(night.scratch)
        assert found[0] == found[1]


def test_the_manifest_names_no_key_of_anybody(first: Night, source: Path) -> None:
    rows = months()
    rows[0]["closing_balance_cents"] = 7
    lay(source, "facility_month", rows)
    pulled = pull_source(later(first))
    text = json.dumps(taken(first, pulled).manifest)
    assert set(contract()["facility_month"].key) == {"facility_id", "month"}
    assert "F000" not in text


KILLED = """
import sys
from datetime import date
from pathlib import Path
from linewatch import fault
from tasks.pull import pull_source
from tests.tasks.record_fixture import night
home, source, as_of, where = sys.argv[1:]
fault.kill_at(where)
pull_source(night(Path(home), Path(source), as_of=date.fromisoformat(as_of)))
"""


@pytest.mark.parametrize("where", ["pull.facility_month:after", "pull.rename:before", "pull.rename:after"])
def test_a_pull_killed_anywhere_harms_no_snapshot_and_is_done_again(
    first: Night, source: Path, where: str
) -> None:
    old = taken(first, pull_source(first))
    sql.close_engine(first.scratch)
    rows = [*months()[:-1], month_of("F999", date(2026, 4, 1), 5, midnight(AS_OF))]
    lay(source, "facility_month", rows)
    night = later(first)
    words = (str(night.home), str(source), night.as_of.isoformat(), where)
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    sweep(night)
    assert snapshot.opened(old.folder, old.manifest["identity"]) is not None
    assert len(list(old.folder.parent.iterdir())) == (2 if where == "pull.rename:after" else 1)
    pulled = pull_source(night)
    assert pulled.shared_bytes > 0
    assert seen(night) == as_rows(rows)
