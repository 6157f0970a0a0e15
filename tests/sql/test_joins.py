"""The side of a join that DuckDB builds is the one that a statement writes at the right (docs/adr/0023)."""

from sql.engine import Engine


def test_a_left_join_is_not_turned_round_where_its_left_side_is_the_smaller_one():
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.raw.execute("create table line as select range as id, range as a, range as b from range(100)")
        db.raw.execute("create table risk as select range as id, range as c from range(100000)")
        ((_, plan),) = db.raw.execute("explain select * from line left join risk using (id)").fetchall()
        assert "Join Type: LEFT" in plan
