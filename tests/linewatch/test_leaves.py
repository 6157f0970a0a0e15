"""Which leaf is whose row, once some were erased."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from linewatch.leaves import SALT, Standing


def salts_without(gone: set[int], leaves: int) -> bytes:
    """Salts that are zero at those gone; the others begin or end with zeros, which is no sign of anything."""
    some = [bytes(SALT - 1) + b"a", b"b" + bytes(SALT - 1)]
    return b"".join(bytes(SALT) if at in gone else some[at % 2] for at in range(leaves))


@pytest.mark.parametrize("seed", range(40))
def test_row_k_of_a_section_is_its_k_th_leaf_that_was_not_erased(seed: int) -> None:
    chance = random.Random(seed)
    leaves, first = chance.randrange(1, 40), chance.randrange(0, 20)
    gone = set(chance.sample(range(leaves), chance.randrange(0, leaves)))
    standing = Standing(salts_without(gone, leaves))
    left = [at for at in range(first, leaves) if at not in gone]
    assert [standing.leaf(place, first) for place in range(len(left))] == left
    assert [standing.place(leaf, first) for leaf in left] == list(range(len(left)))
    assert {standing.place(leaf, first) for leaf in gone if leaf >= first} <= {None}


def test_what_stands_among_a_million_leaves_is_known_without_a_list_of_them() -> None:
    leaves = 1_000_000
    salts = bytearray(b"x" * SALT * leaves)
    for at in (7, 500_000):
        salts[SALT * at : SALT * (at + 1)] = bytes(SALT)
    given = bytes(salts)
    tracemalloc.start()
    standing = Standing(given)
    assert standing.leaf(leaves - 3) == leaves - 1
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000
