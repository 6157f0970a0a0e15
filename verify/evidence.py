"""Files that people laid beside cases: each that an event names, and none since let go, has to be there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from verify.entries import Log
from verify.files import Hasher
from verify.report import Findings
from verify.strict import Malformed, is_hex, parse_object, whole
from verify.tables import Row

FOLDER = "evidence"
_ADDED, _PRUNED = "evidence_added", "evidence_pruned"
_SUFFIX = re.compile(r"(\.[a-z0-9]+)?", re.ASCII)


class Evidence:
    """What lies beside cases after the events that were taken up so far."""

    def __init__(self) -> None:
        self._standing: dict[tuple[str, str, str], tuple[str, int]] = {}

    def take(self, row: Row, where: str, log: Log, findings: Findings) -> None:
        """Take up an event; one that was erased tells of no file any more."""
        if row["kind"] not in (_ADDED, _PRUNED) or row["seq"] in log.erased_events:
            return
        try:
            sha256, size, suffix, item = _told(row["content"])
        except Malformed as error:
            findings.fault(where, f"what it tells of a file cannot be read: {error}", str(row["case_id"]))
            return
        key = (str(row["case_id"]), sha256, item)
        if row["kind"] == _ADDED:
            self._standing[key] = (f"{FOLDER}/{sha256[:2]}/{sha256}{suffix}", size)
            return
        by = log.rows["batch"].get((row["batch_seq"],), {})
        if by.get("kind") != "prune":
            findings.fault(where, "lets a file go, and no prune did", key[0])
        elif self._standing.pop(key, None) is None:
            findings.fault(where, "lets a file go that does not lie beside the case", key[0])

    def check(self, home: Path, hasher: Hasher, findings: Findings) -> set[str]:
        """Check every file, once however many events name it; give their paths."""
        known: set[str] = set()
        for (case_id, sha256, _), (path, size) in self._standing.items():
            if path in known:
                continue
            known.add(path)
            findings.counts["evidence"] += 1
            if differs := hasher.differs(home / path, sha256, size):
                findings.fault(path, differs, case_id)
        return known


def _told(content: Any) -> tuple[str, int, str, str]:
    told = parse_object(content if isinstance(content, str) else "")
    sha256, size = told.get("sha256"), told.get("bytes")
    suffix, item = told.get("suffix", ""), told.get("item", "")
    if not is_hex(sha256, 32) or not whole(size) or not isinstance(item, str):
        raise Malformed("its hash, bytes or item are not told")
    if not isinstance(suffix, str) or not _SUFFIX.fullmatch(suffix):
        raise Malformed("its suffix is none")
    return str(sha256), size, suffix, item
