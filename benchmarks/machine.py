"""On what it was measured."""

import json
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sql.memory import limit_mb, machine_mb

ASKED = "import json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in %r}))"


def machine(peers_python: Path, measured_on: str | None) -> dict[str, Any]:
    """Cores, memory in MB, DuckDB's own limit in it, and the versions of all that was compared."""
    return {
        "measured_on": measured_on,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": machine_mb(),
        "duckdb_limit_mb": limit_mb(),
        "python": platform.python_version(),
        "duckdb": version("duckdb"),
        **_versions(peers_python, ("polars", "pandas", "pyspark", "scikit-learn", "lightgbm")),
    }


def _versions(python: Path, names: tuple[str, ...]) -> dict[str, str | None]:
    """What another environment has; None of each if it has not all, or is not there."""
    if python.exists():
        asked = subprocess.run([python, "-c", ASKED % (names,)], capture_output=True, check=False)
        if not asked.returncode:
            return dict(json.loads(asked.stdout))
    return dict.fromkeys(names)
