"""In how many parts a night is decided."""

import pytest

from tasks.deal import BORROWERS_IN_A_GIGABYTE, parts_of


@pytest.mark.parametrize(
    ("borrowers", "memory_mb", "at_once", "parts"),
    [
        (0, 4_212, 2, 1),
        (600_000, 4_212, 2, 1),
        (600_001, 4_212, 2, 4),
        (1_000_000, 4_212, 2, 4),
        (10_000_000, 4_212, 2, 34),
        (10_000_000, 64_000, 16, 32),
        (200_000, 500, 1, 2),
    ],
)
def test_parts_fit_into_memory_and_keep_every_thread_at_work(borrowers, memory_mb, at_once, parts):
    found = parts_of(borrowers, memory_mb, at_once)
    assert found == parts
    if found > 1:
        assert found % at_once == 0
        assert borrowers / found * at_once <= max(memory_mb // 1000, 1) * BORROWERS_IN_A_GIGABYTE
