"""What the log costs: the leaves of a night, the root of a tree, a proof of one leaf, and its check.

python -m benchmarks.log [LEAVES …]     prints a row a size; 1,000,000 and 10,000,000 when none is named
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from linewatch import chance, tree
from linewatch.leaves import half, plant
from verify.tree import Tree

ROW_BYTES = 1_100
"""About what a canonical decision of the made-up lender has."""
AT_ONCE = 50_000


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = perf_counter()
    made = act()
    return perf_counter() - begun, made


def planted(leaves: int, folder: Path) -> bytes:
    rows = [f"{number:08}".encode() + b"x" * (ROW_BYTES - 8) for number in range(AT_ONCE)]
    with plant(folder) as planter:
        for done in range(0, leaves, AT_ONCE):
            planter.add("decisions", rows[: leaves - done])
        return planter.done().root


def checked(hashes: bytes) -> bytes:
    grown = Tree()
    for at in range(0, len(hashes), tree.SIZE):
        grown.add(hashes[at : at + tree.SIZE])
    return grown.root()


def main(sizes: list[int]) -> None:
    chance.comes_from(os.urandom)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; rows of {ROW_BYTES} bytes; seconds\n")
    print("| leaves | plant and root | root of the file | proof of one | the checker's root | bytes a leaf |")
    print("|---|---|---|---|---|---|")
    for leaves in sizes:
        with TemporaryDirectory() as folder:
            plant_s, root = timed(lambda: planted(leaves, Path(folder)))  # noqa: B023
            hashes = half(Path(folder), "leaves").read_bytes()
            salts = half(Path(folder), "salts").stat().st_size
            root_s, again = timed(lambda: tree.root_of(hashes))  # noqa: B023
            path_s, _ = timed(lambda: tree.path(hashes, leaves // 3))  # noqa: B023
            check_s, other = timed(lambda: checked(hashes))  # noqa: B023
            if not root == again == other:
                raise SystemExit("the roots differ")
            print(
                f"| {leaves:,} | {plant_s:.1f} | {root_s:.1f} | {path_s:.1f} | {check_s:.1f}"
                f" | {(len(hashes) + salts) // leaves} |",
                flush=True,
            )


if __name__ == "__main__":
    main([int(each.replace(",", "")) for each in sys.argv[1:]] or [1_000_000, 10_000_000])
