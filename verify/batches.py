"""The batches: their files, their trees, their roots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.entries import Log
from verify.files import Hasher, Named, named
from verify.leaves import SALT, Rows, erased_in, root_of_file, standing
from verify.report import Findings
from verify.strict import Malformed, is_hex, parse_object
from verify.tree import HASH

WHOLE = ("night", "revision")
"""Kinds of batch that decide every line, so that decisions make their root; changes make the others'."""
_UNITS = {"leaves": HASH, "salts": SALT}


@dataclass
class Batch:
    """A batch as the record tells it, with the files that stand for it today."""

    seq: int
    name: str
    kind: str
    root: str
    snapshot: str
    files: dict[str, Named]
    ended: set[str]
    """Names of files that are gone for good, as an entry tells."""

    @property
    def taken_from(self) -> str:
        """The folder of the snapshot, from the home on: where its manifest lies today."""
        manifest = self.files.get("manifest")
        return self.snapshot if manifest is None else manifest.path.rpartition("/")[0]

    def where(self, name: str = "") -> str:
        return (
            f"batch {self.name}: {self.files[name].path if name in self.files else name}"
            if name
            else self.name
        )


def read_batches(log: Log, rows: Iterable[Mapping[str, Any]], findings: Findings) -> list[Batch]:
    """The batches that the log tells of, and those rows of the ledger that it does not."""
    known = dict(log.rows["batch"])
    for row in rows:
        known.setdefault((row.get("seq"),), dict(row))
    successors: dict[Any, list[Mapping[str, Any]]] = {}
    for each in sorted(log.rows["successor"].values(), key=lambda row: row["seq"]):
        successors.setdefault(each.get("batch_seq"), []).append(each)
    batches = []
    moved: dict[str, str] = {}
    for row in known.values():
        try:
            batch = _batch(row)
        except Malformed as error:
            findings.fault(f"batch {row.get('seq')}", f"what is told of its files cannot be read: {error}")
            continue
        for successor in successors.get(batch.seq, ()):
            before = batch.taken_from
            _succeed(batch, successor, findings)
            if batch.taken_from != before:
                moved[before] = batch.taken_from
        batches.append(batch)
    for batch in batches:
        batch.snapshot = _today(batch.snapshot, moved)
    return batches


def _today(snapshot: str, moved: Mapping[str, str]) -> str:
    """Where the snapshot lies that had this folder: a batch upon a night tells the folder of that time."""
    seen = {snapshot}
    while (after := moved.get(snapshot, snapshot)) not in seen:
        seen.add(after)
        snapshot = after
    return snapshot


def _batch(row: Mapping[str, Any]) -> Batch:
    given = [row.get(column) for column in ("batch", "kind", "root", "snapshot", "files")]
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != len(given):
        raise Malformed("a column is no text")
    name, kind, root, snapshot, listed = texts
    files = {}
    for called, told in parse_object(listed).items():
        try:
            files[called] = named(told)
        except Malformed as error:
            raise Malformed(f"`{called}`: {error}") from None
    return Batch(row["seq"], name, kind, root, snapshot, files, set())


def _succeed(batch: Batch, successor: Mapping[str, Any], findings: Findings) -> None:
    """Let a later file stand in for an earlier one."""
    where, name = f"successor {successor['seq']}", successor.get("name")
    before = batch.files.get(name) if isinstance(name, str) else None
    if before is None or before.sha256 != successor.get("old_sha256"):
        findings.fault(where, "stands in for a file that its batch does not have")
        return
    if successor.get("path") == "":
        del batch.files[str(name)]
        batch.ended.add(str(name))
        return
    try:
        batch.files[str(name)] = named(dict(successor))
    except Malformed as error:
        findings.fault(where, str(error))


def check_batch(home: Path, batch: Batch, log: Log, hasher: Hasher, findings: Findings) -> None:
    """Check every file of a batch, its tree and its root."""
    findings.counts["batches"] += 1
    there = {name for name in batch.files if _check_file(home, batch, name, hasher, findings)}
    tree = log.trees.get(batch.seq)
    moves = "decisions" in batch.files or "changes" in batch.files
    if tree is None and moves and not log.older and batch.seq not in log.treeless:
        findings.fault(batch.where(), "moves limits, and no entry of the log tells of its tree")
    erased = _check_tree(home, batch, tree, there, log, findings) if tree is not None else False
    _check_rows(home, batch, tree, there, erased, findings)


def _check_file(home: Path, batch: Batch, name: str, hasher: Hasher, findings: Findings) -> bool:
    """Whether a file is there, whatever it holds."""
    file, where = batch.files[name], batch.where(name)
    path = home / file.path
    findings.counts["files"] += 1
    differs = hasher.differs(path, file.sha256, file.bytes)
    if differs:
        findings.fault(where, differs)
    if not path.is_file():
        return False
    try:
        rows = _rows(path, name)
    except Malformed as error:
        findings.fault(where, str(error))
    else:
        if rows is not None and rows != file.rows:
            findings.fault(where, f"has {rows:,} rows, and {file.rows:,} were written")
    return True


def _rows(path: Path, name: str) -> int | None:
    if path.suffix == ".parquet":
        from verify.rows import rows_of

        return rows_of(path)
    return path.stat().st_size // _UNITS[name] if name in _UNITS else None


def _check_tree(
    home: Path, batch: Batch, tree: Mapping[str, Any], there: set[str], log: Log, findings: Findings
) -> bool:
    """Whether any leaf is erased; the leaves have to make the root that the log tells."""
    expected = tree["decisions"] + tree["changes"]
    for name in _UNITS:
        if name not in batch.files and name not in batch.ended:
            findings.fault(batch.where(), f"has a tree and no file of {name}")
    if "leaves" in there:
        size, root = root_of_file(home / batch.files["leaves"].path)
        findings.counts["leaves"] += size
        if (size, root.hex()) != (expected, tree["root"]):
            findings.fault(
                batch.where("leaves"), f"is not the tree of {expected:,} leaves that the log tells of"
            )
    if "salts" not in there:
        return False
    erased = erased_in(home / batch.files["salts"].path)
    findings.counts["erased"] += len(erased)
    if erased != log.erased_leaves.get(batch.seq, set()):
        findings.fault(batch.where("salts"), "marks other leaves as erased than the log tells of")
    return bool(erased)


def _check_rows(
    home: Path,
    batch: Batch,
    tree: Mapping[str, Any] | None,
    there: set[str],
    erased: bool,
    findings: Findings,
) -> None:
    rooted = "decisions" if batch.kind in WHOLE else "changes"
    start = 0
    for of in ("decisions", "changes"):
        count = tree[of] if tree is not None else 0
        if of in there and (tree is not None or of == rooted):
            root = _check_part(home, batch, of, (start, count) if tree is not None else None, there, findings)
            if of == rooted and not erased and root not in (batch.root, None):
                findings.fault(batch.where(of), f"the rows of {of} do not make the root of the batch")
        elif count and of not in batch.files and of not in batch.ended:
            findings.fault(batch.where(), f"has leaves of {of} and no file of them")
        start += count
    if tree is None and not is_hex(batch.root, 32):
        findings.fault(batch.where(), "has no root")


def _check_part(
    home: Path,
    batch: Batch,
    of: str,
    part: tuple[int, int] | None,
    there: set[str],
    findings: Findings,
) -> str | None:
    """Hold the rows of a file against their leaves, and give the hash of their canonical form.

    None: the batch is older than the log, and its columns are not those of today.
    """
    leaves = None
    if part is not None and {"leaves", "salts"} <= there:
        leaves = standing(home / batch.files["leaves"].path, home / batch.files["salts"].path, *part)
    rows = Rows(batch.where(of), of, leaves)
    if not rows.check(home / batch.files[of].path, findings, old=part is None):
        return None
    findings.counts[of] += rows.count
    return rows.root.hexdigest()
