"""The next night of a generated lender shows what a home has published."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.demo import committed_changes, write_demo
from tests.tasks.demo_reading import rows

NIGHTS = [date(2026, 9, 21), date(2026, 10, 21), date(2026, 11, 21)]


def published(home: Path, as_of: date, changes: list[dict[str, Any]]) -> Path:
    """A changes file as a committed batch leaves it."""
    folder = home / "batches" / f"{as_of}-night-0123456789ab"
    folder.mkdir(parents=True)
    schema = pa.schema(
        [
            *[(name, pa.string()) for name in ("change_id", "batch", "facility_id")],
            *[(name, pa.date32()) for name in ("as_of", "effective_on")],
            *[(name, pa.int64()) for name in ("old_limit_cents", "new_limit_cents")],
            *[(name, pa.int32()) for name in ("old_rate_bp", "new_rate_bp")],
            ("blocked", pa.bool_()),
        ]
    )
    given = [
        {"change_id": f"{n:032}", "batch": folder.name, "as_of": as_of, "effective_on": as_of} | change
        for n, change in enumerate(changes)
    ]
    pq.write_table(pa.Table.from_pylist(given, schema=schema), folder / "changes-0123456789abcdef.parquet")
    return folder / "changes-0123456789abcdef.parquet"


def change(line: tuple[str, int], new_limit: int, **more: Any) -> dict[str, Any]:
    facility_id, limit = line
    new_rate = {"old_rate_bp": 1000, "new_rate_bp": 900}
    return {
        "facility_id": facility_id,
        "old_limit_cents": limit,
        "new_limit_cents": new_limit,
        "blocked": False,
    } | (new_rate | more)


def test_the_next_night_shows_what_was_published_and_a_cut_bounds_what_is_drawn(tmp_path: Path) -> None:
    out, home = tmp_path / "demo", tmp_path / "home"
    size: dict[str, Any] = {"borrowers": 1000, "seed": 1, "nights": 3, "feedback": home}
    (first,) = write_demo(out, **size, published=lambda home: [])
    assert first.as_of == NIGHTS[0]
    used = """
        select facility_id, credit_limit_cents from facility_0
        where status = 'active' and product like 'rev%' and days_past_due = 0
        and drawn_cents * 10 between credit_limit_cents * 4 and credit_limit_cents * 6
        order by 1 limit 4
    """
    cut, raised, blocked, later = rows(out, used, NIGHTS[0])
    file = published(
        home,
        NIGHTS[0],
        [
            change(cut, cut[1] * 4 // 10),
            change(raised, raised[1] * 2),
            change(blocked, blocked[1], blocked=True),
            change(later, later[1] // 2, effective_on=NIGHTS[1] + timedelta(days=1)),
        ],
    )
    (second,) = write_demo(out, **size, published=lambda home: [file])
    assert second.as_of == NIGHTS[1]
    query = """
        select credit_limit_cents, last_limit_change_on, last_change_by, drawdown_blocked, status,
            annual_rate_bp
        from facility_0 where facility_id = '{}'
    """
    rates = (NIGHTS[0], "lender", False, "active", 900)
    assert rows(out, query.format(cut[0]), NIGHTS[1]) == [(cut[1] * 4 // 10, *rates)]
    assert rows(out, query.format(raised[0]), NIGHTS[1]) == [(raised[1] * 2, *rates)]
    assert rows(out, query.format(blocked[0]), NIGHTS[1])[0][0] == blocked[1]
    assert rows(out, query.format(blocked[0]), NIGHTS[1])[0][3:5] == (True, "active")
    assert rows(out, query.format(later[0]), NIGHTS[1])[0][0] == later[1]

    drawn = "select drawn_cents from facility_{} where facility_id = '{}'"
    assert rows(out, drawn.format(0, cut[0]), NIGHTS[1])[0][0] <= cut[1] * 4 // 10
    ((before,), (after,)) = (rows(out, drawn.format(0, blocked[0]), night)[0] for night in NIGHTS[:2])
    assert after <= before
    months = (
        f"select month, limit_cents from facility_month_0 where facility_id = '{cut[0]}' order by month desc"
    )
    assert rows(out, months, NIGHTS[1])[:2] == [
        (date(2026, 9, 1), cut[1] * 4 // 10),
        (date(2026, 8, 1), cut[1]),
    ]

    last = published(home, NIGHTS[1], [change(blocked, blocked[1], blocked=False)])
    empty = published(home, NIGHTS[2], [])
    (third,) = write_demo(out, **size, published=lambda home: [file, last])
    assert third.as_of == NIGHTS[2]
    assert rows(out, query.format(blocked[0]), NIGHTS[2])[0][3] is False
    assert rows(out, query.format(later[0]), NIGHTS[2])[0][0] == later[1] // 2
    assert write_demo(out, **size, published=lambda home: [file, last, empty]) == []


def test_a_home_that_has_committed_nothing_starts_the_lender_at_its_first_night(tmp_path: Path) -> None:
    assert committed_changes(tmp_path / "no home") == []
    (night,) = write_demo(tmp_path / "out", borrowers=200, seed=1, nights=3, feedback=tmp_path / "no home")
    assert night.as_of == NIGHTS[0]
