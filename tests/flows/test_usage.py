"""What a step took of the machine."""

import time
from pathlib import Path

import pytest

from flows.usage import MB, metered


def test_work_takes_processor_and_a_wait_takes_none():
    _, worked = metered(lambda: sum(range(5_000_000)))
    _, waited = metered(lambda: time.sleep(0.1))
    assert worked.cpu_s > 0.02
    assert waited.wall_s >= 0.1 > 2 * waited.cpu_s


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="a system without /proc does not say")
def test_memory_is_that_of_the_step_and_not_of_what_was_before(tmp_path):
    def large() -> None:
        held = bytearray(300 * MB)
        time.sleep(0.1)
        del held

    _, before = metered(lambda: None)
    _, during = metered(large)
    _, after = metered(lambda: None)
    assert during.peak_mb - before.peak_mb > 250
    assert during.peak_mb - after.peak_mb > 250


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="a system without /proc does not say")
def test_what_is_written_and_taken_away_again_is_counted(tmp_path):
    def write() -> str:
        path = tmp_path / "scratch"
        path.write_bytes(bytes(5 * MB))
        path.unlink()
        return "done"

    left, used = metered(write)
    assert left == "done"
    assert 5 <= used.written_mb < 6
