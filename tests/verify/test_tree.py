"""Trees, by the test data that implementations of RFC 6962 share, and by a second tree written plainly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.plain_tree import consistency_path, inclusion_path, plain_root
from verify.tree import EMPTY_ROOT, Tree, extends, includes, leaf_hash, root_of

LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [
    (0, 1, []),
    (0, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (5, 8, [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip
CONSISTENCY = [
    (1, 1, []),
    (1, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (6, 8, [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 5, [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip


def hashes(path: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots_come_out(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_the_known_audit_paths_prove_and_nothing_near_them_does(
    index: int, size: int, path: list[str]
) -> None:
    root, steps = bytes.fromhex(ROOTS[size]), hashes(path)
    assert includes(root, size, LEAVES[index], index, steps)
    assert not includes(root, size, LEAVES[index][:-1] + b"\0", index, steps)
    assert not includes(EMPTY_ROOT, size, LEAVES[index], index, steps)
    for other in {index - 1, index + 1, index ^ 2, size, -1} - {index}:
        assert not includes(root, size, LEAVES[index], other, steps)
    for broken in ([*steps, root], [EMPTY_ROOT, *steps], steps[:-1] if steps else [root], [*steps[1:], root]):
        assert not includes(root, size, LEAVES[index], index, broken)


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_the_known_consistency_paths_prove_and_nothing_near_them_does(
    old: int, new: int, path: list[str]
) -> None:
    before, after, steps = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), hashes(path)
    assert extends(before, old, after, new, steps)
    assert not extends(EMPTY_ROOT, old, after, new, steps)
    assert not extends(before, old, EMPTY_ROOT, new, steps)
    assert not extends(before, old, after, new, [*steps, after])
    if old != new:
        assert not extends(after, new, before, old, steps)
        assert not extends(before, old, after, new, steps[:-1])
        assert not extends(before, old - 1, after, new, steps)


def test_every_path_of_every_small_tree_proves_at_its_own_place_only() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(33)]
    for size in range(1, 34):
        root = plain_root(leaves[:size])
        for index in range(size):
            path = inclusion_path(leaves[:size], index)
            held = [at for at in range(size) if includes(root, size, leaves[index], at, path)]
            assert held == [index]


def test_every_small_tree_continues_every_smaller_one() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(33)]
    roots = [plain_root(leaves[:size]) for size in range(34)]
    for new in range(34):
        for old in range(new + 1):
            path = consistency_path(leaves[:new], old)
            assert extends(roots[old], old, roots[new], new, path)
            if 0 < old < new:
                assert not extends(roots[old - 1], old, roots[new], new, path)
                for at in range(len(path)):
                    broken = [*path[:at], EMPTY_ROOT, *path[at + 1 :]]
                    assert not extends(roots[old], old, roots[new], new, broken)


@given(st.lists(st.integers(0, 9000), min_size=1, max_size=4))
def test_a_tree_that_grows_in_any_steps_has_the_root_of_all_its_leaves(steps: list[int]) -> None:
    leaves = [leaf_hash(number.to_bytes(4)) for number in range(sum(steps))]
    tree, at = Tree(), 0
    for step in steps:
        tree.add(b"".join(leaves[at : at + step]))
        at += step
        assert tree.root() == tree.root()
    assert (tree.size, tree.root()) == (len(leaves), plain_root(leaves))


def test_half_a_hash_is_no_leaf() -> None:
    with pytest.raises(ValueError, match="33 bytes"):
        Tree().add(b"x" * 33)
