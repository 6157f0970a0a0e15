"""The snapshots that batches were decided from: every part has the bytes that its manifest names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verify.files import Hasher
from verify.report import Findings
from verify.strict import is_hex, whole

MANIFEST = "manifest.json"


def check_snapshot(home: Path, name: str, hasher: Hasher, findings: Findings) -> None:
    """Check the parts of a snapshot. One that is not there is counted; of one that no entry ended, the batch
    misses its manifest.
    """
    folder = home / name
    if not name or ".." in Path(name).parts or not folder.is_dir():
        findings.counts["snapshots_gone"] += 1
        return
    findings.counts["snapshots"] += 1
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        parts = list(_parts(manifest))
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        findings.fault(f"{name}/{MANIFEST}", "is gone or cannot be read")
        return
    for file, part in parts:
        where = f"{name}/{file}"
        sha256, size = part.get("sha256"), part.get("bytes")
        if Path(file).name != file or not is_hex(sha256, 32) or not whole(size):
            findings.fault(f"{name}/{MANIFEST}", "names a part without its file, hash or bytes")
            continue
        findings.counts["parts"] += 1
        if differs := hasher.differs(folder / file, sha256, size):
            findings.fault(where, differs)


def _parts(manifest: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for table, entry in manifest["tables"].items():
        if "parts" not in entry:
            yield f"{table}.parquet", entry
        else:
            for part in entry["parts"]:
                yield part["name"], part
