"""How much memory DuckDB may take before it spills to disk, from what the machine has."""

from __future__ import annotations

import os
from pathlib import Path

MB = 1_000_000
SHARE = 6
"""A night takes a sixth of the machine: Python, Great Expectations and Prefect's server want theirs, and the
system of record may live here too. What does not fit is spilled, at the price of some time.
"""
LEAST_MB = 1_000
"""Below this DuckDB spills all the time."""
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def machine_mb() -> int:
    """Memory of this machine, or of the container that we are in, in megabytes."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in CGROUP_LIMITS:
        said = path.read_text(encoding="ascii").strip() if path.is_file() else ""
        if said.isdigit():
            found = min(found, int(said))
    return found // MB


def limit_mb(stated_mb: int | None = None) -> int:
    """The stated limit; else a sixth of the machine, at least a gigabyte where the machine has two."""
    if stated_mb is not None:
        return stated_mb
    machine = machine_mb()
    return max(machine // SHARE, min(LEAST_MB, machine // 2))
