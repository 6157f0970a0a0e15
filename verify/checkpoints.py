"""The checkpoints: those in the ledger, the one in the home, and those that were kept elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from verify.entries import Log
from verify.note import Checkpoint, Key, read_checkpoint
from verify.report import Findings
from verify.strict import Malformed
from verify.tables import Row

FILE = "checkpoint"


def sizes_of(rows: Sequence[Row], notes: Sequence[str]) -> set[int]:
    """How many entries the logs of all these checkpoints had."""
    sizes = set()
    for note in [*(row.get("note") for row in rows), *notes]:
        try:
            sizes.add(read_checkpoint(note).size if isinstance(note, str) else 0)
        except Malformed:
            continue
    return sizes


def check_checkpoints(rows: Sequence[Row], log: Log, findings: Findings) -> int:
    """Check the ledger's checkpoints; gives the size of the newest."""
    newest = 0
    for row in rows:
        findings.counts["checkpoints"] += 1
        where = f"checkpoint {row.get('seq')}"
        checkpoint = _check(row.get("note"), where, log, (), findings)
        if checkpoint is None:
            continue
        if row.get("size") != checkpoint.size or not _is_root(row.get("root"), checkpoint.root):
            findings.fault(where, "`size` and `root` are not those of the note")
        if checkpoint.size < newest:
            findings.fault(where, "is of a smaller log than the checkpoint before it")
        newest = max(newest, checkpoint.size)
    return newest


def check_file(note: str, rows: Sequence[Row], log: Log, findings: Findings) -> None:
    """Check the home's own copy of the newest checkpoint."""
    if _check(note, FILE, log, (), findings) is not None and note not in [row.get("note") for row in rows]:
        findings.fault(FILE, "the ledger does not have this checkpoint")


def check_against(notes: Sequence[str], keys: Sequence[Key], log: Log, findings: Findings) -> None:
    """Check checkpoints that were kept elsewhere, which a log that was rewritten cannot meet."""
    for number, note in enumerate(notes, 1):
        findings.counts["kept_elsewhere"] += 1
        _check(note, f"the checkpoint kept elsewhere, number {number}", log, keys, findings)


def check_keys(keys: Sequence[Key], rows: Sequence[Row], log: Log, findings: Findings) -> None:
    """The newest checkpoint has to be signed by a key that the caller knows, if the caller knows any.

    That an entry tells such a key shows nothing: anybody can write its public half down.
    """
    if not keys:
        return
    notes = [row["note"] for row in rows if isinstance(row.get("note"), str)]
    try:
        read = [read_checkpoint(note) for note in notes]
        newest = max(read, key=lambda each: each.size, default=None)
        signed = newest is not None and bool(newest.note.signers(keys))
    except Malformed:
        return  # told of the checkpoint itself
    if newest is None:
        findings.fault("checkpoint", "nothing is signed, by the key given or another")
    elif not signed:
        told = f"; the log tells {log.keys[-1][1]}" if log.keys else ""
        findings.fault("checkpoint", f"the newest one is not signed by the key given{told}")


def _check(note: Any, where: str, log: Log, known: Sequence[Key], findings: Findings) -> Checkpoint | None:
    """A checkpoint's form, signature, size and root; None if it is none."""
    try:
        if not isinstance(note, str):
            raise Malformed("the note is no text")
        checkpoint = read_checkpoint(note)
        told = [key for entry, key, _ in log.keys if entry <= checkpoint.size]
        signers = checkpoint.note.signers({*told, *known})
    except Malformed as error:
        findings.fault(where, str(error))
        return None
    if not {*told[-1:], *known} & set(signers):
        findings.fault(where, "is not signed by the newest key among its own entries")
    if all(key.name != checkpoint.origin for key in signers):
        findings.fault(where, "its origin is not the name of the key that signed it")
    if checkpoint.size > log.tree.size:
        findings.fault(
            where,
            f"is of a log of {checkpoint.size} entries, and there are {log.tree.size}: entries were cut off",
        )
    elif log.roots.get(checkpoint.size) != checkpoint.root:
        findings.fault(where, f"the first {checkpoint.size} entries are not those that it tells of")
    return checkpoint


def _is_root(column: Any, root: bytes) -> bool:
    return column in (root.hex(), base64.b64encode(root).decode())
