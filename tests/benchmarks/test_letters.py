"""The letters that are measured are letters: each is kept, in both languages."""

from __future__ import annotations

from pathlib import Path

from benchmarks.letters import measure


def test_every_letter_that_is_measured_is_kept(tmp_path: Path) -> None:
    kept, failed, seconds = measure(40, tmp_path)
    assert (kept, failed) == (40, 0)
    assert seconds > 0
