"""How much is tried at once: what it copies is counted, not how many things are tried."""

from __future__ import annotations

from pathlib import Path

import sql.engine as sql


def test_lines_of_a_large_group_are_tried_few_at_a_time(tmp_path: Path) -> None:
    """Three units of a line each, then two of a group of a thousand; two things are tried of each. Those that
    are reviewed on different days are tried apart.
    """
    with sql.open_engine(tmp_path / "scratch.duckdb", threads=1).cursor() as db:
        db.raw.execute(
            "create table chosen as select unit, place from range(1, 6) u (unit), range(1, 3) p (place);"
            "create table member_line as select unit, 'F' || line as facility_id"
            " from range(1, 6) as u (unit), range(1000) as l (line) where unit > 3 or line = 0;"
            "create table unit as select unit, if(unit < 3, 30, 31) as review_day from range(1, 6) u (unit)"
        )
        found = db.rows("advice/batches", most_lines=2_000)
    sql.close_engine(tmp_path / "scratch.duckdb")
    batches = [(row["first_unit"], row["last_unit"], row["review_day"]) for row in found]
    assert batches == [(1, 2, 30), (3, 3, 31), (4, 4, 31), (5, 5, 31)]
