"""python -m benchmarks.peers.pyspark_peer SOURCE AS_OF OUT: one JSON object, the seconds of each step."""

import json
import sys
from datetime import date
from pathlib import Path

from benchmarks.peers.pyspark_peer import run

if __name__ == "__main__":
    steps = run(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps({step: round(taken, 2) for step, taken in steps.items()}))
