"""The benchmarks measure what they say, and leave out with a reason what has no result."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import growth, page, processes, results, small
from benchmarks.__main__ import _compared, main
from benchmarks.contestants import Ran, Setting
from benchmarks.equal import KEYS
from benchmarks.lender import Lender
from flows.steps import STEPS

MACHINE = {"cores": 2, "memory_mb": 1_000, "duckdb_limit_mb": 200, "python": "3.11"}


def ran(seconds: float) -> Ran:
    steps = {"read": 0.1, "features": seconds / 2, "decide": seconds / 2 - 0.1}
    return Ran(
        seconds=seconds,
        steps={step: {"wall_s": taken} for step, taken in steps.items()},
        kept_bytes={"snapshots": 30, "batches": 20},
        scratch_bytes=10,
    )


def of_size(size: int, *floors: float) -> results.Result:
    rounds = [
        {"floor": ran(floor), "first": ran(8 * floor), "steady": ran(4 * floor), "pandas": ran(10 * floor)}
        for floor in floors
    ]
    return results.of_size(size, rounds, 100, {"ours_s": 0.1})


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> results.Result:
    """A whole run at five hundred borrowers, without peers."""
    place = tmp_path_factory.mktemp("bench")
    out = place / "results.json"
    words = ["--sizes", "500", "--rounds", "1", "--peers", "none", "--peers-python", str(place / "none")]
    main([*words, "--work", str(place / "work"), "--out", str(out), "--on", "2026-11-24"])
    found: results.Result = json.loads(out.read_text("utf-8"))
    return found


@pytest.mark.slow
@pytest.mark.prefect
def test_a_run_leaves_every_figure_of_the_floor_and_of_both_nights(measured):
    (found,) = measured["sizes"]
    assert found["size"] == 500
    assert (found["pandas_s"], found["polars_s"], found["pyspark_s"]) == (None, None, None)
    assert list(found["steps"]["floor"]) == ["read", "features", "rescore", "decide", "write"]
    for night, seconds in (("first", found["first_night_s"]), ("steady", found["steady_night_s"])):
        steps = found["steps"][night]
        assert list(steps) == [*STEPS, "between steps"]
        walls = {step: used["wall_s"] for step, used in steps.items()}
        assert seconds == pytest.approx(sum(walls.values()) - walls["draft"], abs=0.05)
        assert found["start_s"][night] > 1
        assert found["peak_mb"][night]["tree"] > found["peak_mb"][night]["process"] > 100
        assert found["bytes_kept"][night]["batches"] > 0
    assert found["ratios"]["steady_to_floor"] == pytest.approx(
        found["steady_night_s"] / found["floor_s"], rel=0.01
    )
    assert found["input_bytes"] > 100_000
    assert "make bench" in found["rescoring"]["why"]
    assert measured["exponent"] == {"floor": None, "first_night": None, "steady_night": None}


@pytest.mark.slow
@pytest.mark.prefect
def test_the_tables_show_what_was_measured(measured):
    shown = page.tables(measured)
    assert f"| 500 | 1 | {measured['sizes'][0]['floor_s']:,.1f} |" in shown
    assert "scoring alone: no " in shown


def test_the_page_is_what_the_results_say():
    text = page.PAGE.read_text(encoding="utf-8")
    found = results.read(results.FILE)
    assert found is not None
    assert text == page.page(text, found), "python -m benchmarks.page"
    assert page.CHART.read_text(encoding="utf-8").startswith("<svg xmlns=")


def test_seconds_that_double_with_the_borrowers_grow_with_the_exponent_one():
    assert growth.exponent({100: 2.0, 200: 4.0, 800: 16.0}) == 1
    assert growth.exponent({10: 1.0, 100: 100.0}) == 2
    assert growth.exponent({100: 3.0}) is None
    assert growth.between_the_largest({1: 9.0, 10: 1.0, 100: 10.0}) == 1


def test_a_figure_is_the_median_of_its_rounds_and_a_ratio_one_of_medians():
    found = of_size(1_000, 3.0, 1.0, 2.0)
    assert (found["rounds"], found["floor_s"], found["steady_night_s"]) == (3, 2.0, 8.0)
    assert found["ratios"]["first_to_floor"] == 8
    assert found["ratios"]["pandas_to_steady"] == 2.5
    assert found["ratios"]["polars_to_ours"] is None
    assert (found["ratios"]["kept_to_input"], found["ratios"]["scratch_to_input"]) == (0.5, 0.1)


def test_a_run_replaces_the_sizes_that_it_measured_and_leaves_the_others():
    old = results.merged(None, [of_size(100_000, 1.0), of_size(1_000_000, 9.0)], MACHINE)
    new = results.merged(old, [of_size(1_000_000, 10.0)], {**MACHINE, "polars": None})
    assert [(each["size"], each["floor_s"]) for each in new["sizes"]] == [(100_000, 1.0), (1_000_000, 10.0)]
    assert new["exponent"]["floor"] == 1


def test_what_another_machine_measured_is_not_mixed_in():
    old = results.merged(None, [of_size(100_000, 1.0)], MACHINE)
    new = results.merged(old, [of_size(200_000, 1.0)], {**MACHINE, "cores": 8})
    assert [each["size"] for each in new["sizes"]] == [200_000]


def test_a_process_is_measured_with_all_that_it_starts():
    large = "import time; held = bytearray(b'1') * 200_000_000; time.sleep(1.5)"
    ended = processes.run(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {large!r}])"]
    )
    assert ended.exit_code == 0
    assert ended.peak_mb < 100
    assert ended.tree_mb > 200


def test_a_process_that_takes_too_long_is_ended_and_says_so():
    ended = processes.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout_s=0.3)
    assert ended.wall_s < 10
    assert ended.why.startswith("not done after")


def test_scratch_is_measured_while_it_is_there(tmp_path):
    write = (
        "import os, time; f = open('scratch', 'wb'); f.write(bytes(3_000_000)); f.flush();"
        " time.sleep(1.5); os.remove('scratch')"
    )
    folder = f"import os; os.chdir({str(tmp_path)!r}); "
    assert processes.run([sys.executable, "-c", folder + write], scratch=tmp_path).scratch_bytes == 3_000_000
    assert processes.folder_bytes(tmp_path) == 0


def test_a_peer_that_decides_otherwise_has_no_time(tmp_path):
    for name, value in (("floor", 1), ("same", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        for table, key in KEYS.items():
            written = pa.table({key: ["a", "b"], "value": [1, value]})
            pq.write_table(written, tmp_path / name / f"{table}.parquet")
    setting = Setting(Lender(2, tmp_path), tmp_path, Path(sys.executable), 60)
    assert _compared(ran(1.0), setting, "same") == replace(ran(1.0), equal=True)
    other = _compared(ran(1.0), setting, "other")
    assert (other.equal, other.seconds) == (False, None)
    assert "value: 1 rows differ" in str(other.why)


def test_a_step_of_the_small_bench_that_got_slower_is_marked():
    _, same, slower, new = small.told(
        {"pull": 1.2, "decide": 1.4, "prove": 0.5}, {"pull": 1.0, "decide": 1.0}
    )
    assert "slower" not in same
    assert slower.endswith("1.4 times slower")
    assert "slower" not in new
