"""Trees: the known answers of Certificate Transparency, and paths walked a second way."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch import tree

LEAVES = [
    bytes.fromhex(each)
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the first leaf alone, of the first two, …: RFC 6962 reference implementations print the same."""


def hashed(leaves: list[bytes]) -> bytes:
    return b"".join(tree.leaf(each) for each in leaves)


def by_definition(level: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if not level:
        return hashlib.sha256().digest()
    if len(level) == 1:
        return level[0]
    half = 1
    while 2 * half < len(level):
        half *= 2
    return tree.node(by_definition(level[:half]), by_definition(level[half:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_certificate_transparency_come_out(size: int) -> None:
    assert tree.root_of(hashed(LEAVES[:size])).hex() == ROOTS[size - 1]


def test_a_tree_without_leaves_is_the_hash_of_nothing() -> None:
    assert tree.root_of(b"") == tree.Grower().root() == hashlib.sha256().digest()


@given(st.lists(st.binary(max_size=3), max_size=70), st.data())
def test_a_root_is_the_same_whole_grown_and_by_definition(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [tree.leaf(each) for each in leaves]
    cut = data.draw(st.integers(0, len(hashes)))
    grower = tree.Grower()
    grower.add(hashes[:cut])
    grower.add(hashes[cut:])
    assert grower.root() == tree.root_of(b"".join(hashes)) == by_definition(hashes)


def test_a_grower_that_folds_what_it_holds_gives_the_same_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "AT_ONCE", 4)
    for size in range(80):
        hashes = [tree.leaf(bytes([each])) for each in range(size)]
        grower = tree.Grower()
        grower.add(hashes)
        assert grower.root() == by_definition(hashes), size


def rooted(path: list[bytes], hashed_leaf: bytes, index: int, size: int) -> bytes:
    """From a leaf up its path, left and right by the index: the way of RFC 9162, section 2.1.3.2."""
    at, last, found = index, size - 1, hashed_leaf
    for beside in path:
        assert last > 0
        if at % 2 or at == last:
            found = tree.node(beside, found)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = tree.node(found, beside)
        at, last = at // 2, last // 2
    assert last == 0
    return found


def test_every_path_of_every_small_tree_leads_to_its_root() -> None:
    for size in range(1, 34):
        hashes = [tree.leaf(bytes([each])) for each in range(size)]
        joined = b"".join(hashes)
        for index in range(size):
            assert rooted(tree.path(joined, index), hashes[index], index, size) == tree.root_of(joined)
        with pytest.raises(IndexError):
            tree.path(joined, size)


def test_consistency_is_proven_as_in_the_examples_of_the_rfc() -> None:
    joined = hashed(LEAVES)
    root = tree.root_of
    assert tree.consistency(joined, 8) == []
    assert tree.consistency(joined, 4) == [root(joined[4 * 32 :])]
    assert [each.hex() for each in tree.consistency(joined, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    with pytest.raises(IndexError):
        tree.consistency(joined, 9)
