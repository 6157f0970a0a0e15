"""python -m benchmarks.peers.pandas_peer SOURCE AS_OF OUT: print the seconds of each step as JSON."""

import json
import sys
from datetime import date
from pathlib import Path

from benchmarks.peers.pandas_peer import run

print(json.dumps(run(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3]))))
