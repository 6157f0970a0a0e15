"""How much is tried at once: what it copies is counted, not how many things are tried."""

from __future__ import annotations

from pathlib import Path

import sql.engine as sql


def test_lines_of_a_large_group_are_tried_few_at_a_time(tmp_path: Path) -> None:
    """Three units of a line each, then two of a group of a thousand; two things are tried of each."""
    with sql.open_engine(tmp_path / "scratch.duckdb", threads=1).cursor() as db:
        db.raw.execute(
            "create table chosen as select unit, place from range(1, 6) u (unit), range(1, 3) p (place);"
            "create table member_line as select unit, 'F' || line as facility_id"
            " from range(1, 6) as u (unit), range(1000) as l (line) where unit > 3 or line = 0"
        )
        found = db.rows("advice/batches", most_lines=2_000)
    sql.close_engine(tmp_path / "scratch.duckdb")
    assert [(row["first_unit"], row["last_unit"]) for row in found] == [(1, 3), (4, 4), (5, 5)]
