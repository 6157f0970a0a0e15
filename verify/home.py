"""A whole home, checked from its files and its ledger alone (docs/log.md: what is checked)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from verify.batches import check_batch, read_batches
from verify.checkpoints import FILE, check_against, check_checkpoints, check_file, check_keys, sizes_of
from verify.entries import Log, read_log
from verify.events import check_events
from verify.evidence import Evidence
from verify.files import Hasher, strays
from verify.note import Key, read_key
from verify.record import check_rows
from verify.report import Findings, Report
from verify.snapshots import check_snapshot
from verify.strict import Malformed
from verify.tables import LEDGER, Tables, Unreadable, of_home


def check(
    home: Path,
    tables: Tables | None = None,
    *,
    keys: Sequence[str] = (),
    against: Sequence[str] = (),
    heard: Callable[[str], None] = lambda line: None,
) -> Report:
    """Check everything of a home and tell every fault.

    `tables` gives the rows of the ledger (verify.tables says in which form); None reads the home's own
    ledger.db. `keys` are public keys of the form name+id+base64 that the caller trusts, `against` the texts
    of checkpoints that were kept elsewhere. `heard` is told how far it is, in lines without personal data.
    """
    findings = Findings()
    trusted = _keys(keys, findings)
    # Before the ledger: the file is written after its row, so what it says then has to be in the ledger.
    kept = _checkpoint_file(home)
    try:
        if tables is not None:
            return _check(home, tables, trusted, against, kept, findings, heard)
        with of_home(home) as own:
            return _check(home, own, trusted, against, kept, findings, heard)
    except Unreadable as error:
        findings.fault(LEDGER, str(error))
    return Report(findings.faults(), dict(findings.counts))


def check_ledger(
    tables: Tables,
    findings: Findings,
    *,
    trusted: Sequence[Key] = (),
    against: Sequence[str] = (),
    kept: str | None = None,
    evidence: Evidence | None = None,
) -> tuple[Log, int]:
    """Check what needs no file but the home's `checkpoint` (`kept`): the log, and how much is signed.

    `evidence` takes up what lies beside cases.
    """
    checkpoints = list(tables["checkpoint"]())
    notes = [*against, *([] if kept is None else [kept])]
    log = read_log(tables["log_entry"](), sizes_of(checkpoints, notes), findings)
    check_keys(trusted, checkpoints, log, findings)
    newest = check_checkpoints(checkpoints, log, findings)
    if kept is not None:
        check_file(kept, checkpoints, log, findings)
    check_against(against, trusted, log, findings)
    # A record whose log has not begun is told of in one sentence, not row by row.
    if not log.older:
        check_rows(tables, log, findings)
        check_events(tables, log, evidence or Evidence(), findings)
    return log, newest


def _check(
    home: Path,
    tables: Tables,
    trusted: Sequence[Key],
    against: Sequence[str],
    kept: str | None,
    findings: Findings,
    heard: Callable[[str], None],
) -> Report:
    evidence = Evidence()
    log, newest = check_ledger(
        tables, findings, trusted=trusted, against=against, kept=kept, evidence=evidence
    )
    if newest and not (home / FILE).exists():
        findings.fault(FILE, "the file is gone, and the ledger has checkpoints")
    heard(f"the ledger: {log.tree.size} entries, {findings.counts['rows']} rows that they tell of")
    _check_files(home, tables, log, evidence, findings, heard)
    return Report(
        findings.faults(),
        dict(findings.counts),
        entries=log.tree.size,
        root=log.tree.root().hex(),
        key=next((key for entry, _, key in reversed(log.keys) if entry <= newest), ""),
        unsigned=max(0, log.tree.size - newest),
    )


def _check_files(
    home: Path,
    tables: Tables,
    log: Log,
    evidence: Evidence,
    findings: Findings,
    heard: Callable[[str], None],
) -> None:
    hasher = Hasher()
    batches = read_batches(log, tables["batch"](), findings)
    for batch in batches:
        before = findings.counts["leaves"]
        check_batch(home, batch, log, hasher, findings)
        heard(f"batch {batch.name}: {len(batch.files)} files, {findings.counts['leaves'] - before} leaves")
    for name in sorted({batch.taken_from for batch in batches} - {""}):
        check_snapshot(home, name, hasher, findings)
    beside = evidence.check(home, hasher, findings)
    named = {file.path for batch in batches for file in batch.files.values()}
    findings.counts["strays"] = strays(home, named | beside)


def _keys(given: Sequence[str], findings: Findings) -> list[Key]:
    keys = []
    for text in given:
        try:
            keys.append(read_key(text.strip()))
        except Malformed as error:
            findings.fault("the key given", str(error))
    return keys


def _checkpoint_file(home: Path) -> str | None:
    try:
        return (home / FILE).read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return None
