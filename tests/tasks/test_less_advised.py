"""Of what less than the most is tried: where the cell that the most leads to leaves less something to do."""

from __future__ import annotations

from typing import Any

import pytest

import sql.engine as sql

BANDS = (("idle", 0), ("low", 1000), ("mid", 3000), ("full", 9000))


def may_be_less(tmp_path, targets: dict[str, int], **line: Any) -> bool:
    """Whether less may do more for a line of grade E that paying the most leads to."""
    decided = {"band": "low", "cell": "consumer.E.low"} | line
    with sql.open_engine(tmp_path / "scratch.duckdb", threads=1).cursor() as db:
        db.create("schema/pol_strategy")
        db.create("schema/pol_utilisation_band")
        db.raw.execute(
            "create table tried as select 1 as unit, 2 as place, 'a/' as name, 'F1' as facility_id;"
            "create table decisions as select 'a/F1' as facility_id, 'automatic' as route, 'hold' as action,"
            " 900 as limit_cents, 900 as proposed_limit_cents, 'consumer' as segment, 'E' as grade,"
            " cast(null as varchar) as slot, $band as utilisation_band, $cell as strategy_row",
            decided,
        )
        db.append(
            "pol_utilisation_band",
            [
                {"ordinal": number, "band": band, "from_bp": from_bp, "below_bp": None}
                for number, (band, from_bp) in enumerate(BANDS)
            ],
        )
        db.append(
            "pol_strategy",
            [
                {"segment": "consumer", "rating": "E", "band": band, "target_bp": target}
                for band, target in targets.items()
            ],
        )
        (row,) = db.rows("advice/value", review=1)
    sql.close_engine(tmp_path / "scratch.duckdb")
    return bool(row["may_be_less"])


FALLING = {"idle": 10000, "low": 9000, "mid": 9000, "full": 8500}
DORMANT = {"idle": 6000, "low": 8000, "mid": 9000, "full": 8500}
RAISED = {"idle": 10000, "low": 10000, "mid": 10500, "full": 10000}


@pytest.mark.parametrize(
    ("targets", "line", "said"),
    [
        pytest.param(FALLING, {}, False, id="more use is cut no less"),
        pytest.param(FALLING, {"band": "full"}, False, id="less use is better, and was tried"),
        pytest.param(DORMANT, {}, True, id="more use is cut less"),
        pytest.param(DORMANT, {"band": "mid"}, False, id="the best cell of its grade"),
        pytest.param(RAISED, {"band": "full"}, True, id="the grade is raised"),
        pytest.param(FALLING, {"band": "idle", "cell": "long_unused"}, True, id="unused for long"),
        pytest.param(FALLING, {"band": None, "cell": None}, False, id="of no band"),
    ],
)
def test_less_is_tried_where_the_cell_of_the_most_leaves_it_something_to_do(tmp_path, targets, line, said):
    assert may_be_less(tmp_path, targets, **line) == said
