"""The console script as a person starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(sys.executable).parent / "linewatch"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    exit_code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it must be."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def linewatch(*words: object, **environment: str) -> Ended:
    """Type `linewatch WORDS`, with more in the environment if need be, and wait."""
    done = subprocess.run(
        [SCRIPT, *map(str, words)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
