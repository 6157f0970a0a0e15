"""Variants of the walk go aside together, or one by one where a book is large: nobody sees which."""

from __future__ import annotations

import pytest

from sql import variants
from tests.oracle.lenders import random_lender


@pytest.mark.parametrize(("policy", "seed"), [("generous", 41), ("strict", 42)])
@pytest.mark.parametrize("lines_at_once", [1, 250])
def test_however_many_variants_are_walked_at_once_the_decisions_are_the_same(
    policy: str, seed: int, lines_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lender = random_lender(seed, 120, oddness=0.08, nights_before=0.7, policy=policy)
    together = lender.decide()
    assert len({ground["step"] for row in together.values() for ground in row["grounds"]}) >= 3
    sizes: list[int] = []
    portions = variants.portions

    def counted(db, tried):
        for some in portions(db, tried):
            sizes.append(len(some))
            yield some

    monkeypatch.setattr(variants, "LINES_AT_ONCE", lines_at_once)
    monkeypatch.setattr(variants, "portions", counted)
    assert lender.decide() == together
    assert set(sizes) == {1} if lines_at_once == 1 else max(sizes) > 1 and len(sizes) > 1
