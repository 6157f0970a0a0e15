"""`linewatch policy check`: every fault of documents, the rules that never apply, and what they promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import Any

from flows.terminal import Reply
from linewatch.check import Finding, findings
from linewatch.check.files import read
from linewatch.check.matrix import largest_gap
from linewatch.columns import columns
from linewatch.documents import Documents, load_documents
from linewatch.drafts import with_drafts
from linewatch.errors import DocumentRefused
from tasks import again
from tasks.decide import decide
from tasks.features import features
from tasks.prove import PROPERTIES, Broken, Proved, give_pds, proved, write_grid
from tasks.rescore import rescore

WIDTH = 110
FAULTS = 2
"""The exit code where a document has a fault."""


def answer(files: Iterable[Path], profile: Path | None, as_of: date, *, quick: bool) -> Reply:
    """Check the documents in force on a day, files among them in place of those of their ids."""
    try:
        documents = _documents(files, profile, as_of)
    except DocumentRefused as refused:
        content = {"status": "refused", "faults": list(refused.faults), "warnings": [], "promises": []}
        return Reply(content, "\n".join(["Faults", *(f"  {fault}" for fault in refused.faults)]), FAULTS)
    found = findings(documents)
    tried = None if quick else prove(documents, as_of)
    return Reply(_content(documents, found, tried), _text(documents, found, tried), _exit_code(found, tried))


def prove(documents: Documents, as_of: date) -> Proved:
    """Try the policy's promises on the made-up lender, by a night's own steps; nothing is kept."""
    with TemporaryDirectory(prefix="linewatch-check-") as folder:
        place = Path(folder)
        profile = documents.profile.model_copy(
            update={"packs": {}, "require_pack": False, "require_approved_packs": False}
        )
        night = again.Again(
            as_of,
            place / "home",
            "made up",
            replace(documents, profile=profile),
            again.LONG_AGO,
            place=place / "work",
        )
        grid, tables = write_grid(documents.policy, night, place / "source")
        try:
            again.stand(night, again.Rows(tables, {}, None))
            features.fn(night)
            rescore.fn(night)
            give_pds(night, grid)
            decide.fn(night)
            return proved(night, grid)
        finally:
            again.end(night)


def _documents(files: Iterable[Path], profile: Path | None, as_of: date) -> Documents:
    """Raises DocumentRefused with the faults of every file, and of the set that they would join."""
    own = read(files)
    faults, texts = list(own.faults), []
    try:
        standing = load_documents(as_of, profile=profile)
        texts = [(source.kind, source.text) for source in standing.sources]
    except DocumentRefused as refused:
        faults += refused.faults
    if faults:
        raise DocumentRefused(faults)
    for path in own.by_kind.pop("profile", []):
        texts = [(kind, text) for kind, text in texts if kind != "profile"]
        texts.append(("profile", path.read_text(encoding="utf-8")))
    with TemporaryDirectory(prefix="linewatch-check-") as folder:
        return with_drafts(texts, own.by_kind, as_of, Path(folder))


def _exit_code(found: list[Finding], tried: Proved | None) -> int:
    bad = any(each.is_fault for each in found) or (tried is not None and tried.broken)
    return FAULTS if bad else 0


def _content(documents: Documents, found: list[Finding], tried: Proved | None) -> dict[str, Any]:
    gap = largest_gap(documents.policy)
    return {
        "status": "faulty" if _exit_code(found, tried) else "sound",
        "documents": [
            {"kind": source.kind, "id": source.id, "version": source.version, "sha256": source.sha256}
            for source in documents.sources
        ],
        "faults": [str(each) for each in found if each.is_fault],
        "warnings": [str(each) for each in found if not each.is_fault],
        "largest_gap": {**asdict(gap), "bp": gap.bp} if gap else None,
        "lines_tried": tried.lines if tried else 0,
        "promises": [
            {
                "promise": says,
                "pairs": tried.pairs.get(name, 0),
                "better_pairs": tried.better.get(name, 0),
                "holds": not any(each.name == name for each in tried.broken),
                "within_rounding": tried.rounding.get(name, (0, 0))[0],
                "broken": [asdict(each) for each in tried.broken if each.name == name],
            }
            for name, says in PROPERTIES.items()
        ]
        if tried
        else [],
        "segments_not_reached": list(tried.unreached) if tried else [],
    }


def _text(documents: Documents, found: list[Finding], tried: Proved | None) -> str:
    checked = ", ".join(f"{each.kind} {each.id} {each.version}" for each in documents.sources)
    lines = [
        fill(f"Checked: {checked}", WIDTH, subsequent_indent="  "),
        "",
        *_listed("Faults", [str(each) for each in found if each.is_fault]),
        *_listed("Warnings", [str(each) for each in found if not each.is_fault]),
    ]
    gap = largest_gap(documents.policy)
    if gap:
        lines += [f"Largest gap between neighbouring cells of the matrix\n  {gap}", ""]
    if tried:
        lines += _promises(tried)
    return "\n".join(lines).rstrip()


def _promises(tried: Proved) -> list[str]:
    lines = [f"Promises, tried on {tried.lines:,} made-up lines at the documents' own borders"]
    lines += columns(
        ("promise", "pairs", "differ", ""),
        [
            (says, tried.pairs.get(name, 0), tried.better.get(name, 0), _held(tried, name))
            for name, says in PROPERTIES.items()
        ],
    )
    for segment in tried.unreached:
        lines.append(f"  not tried in {segment}: no made-up line falls into it")
    for name, says in PROPERTIES.items():
        own = [broken for broken in tried.broken if broken.name == name]
        if own:
            where = ", ".join(f"{broken.segment} ({broken.pairs:,} pairs)" for broken in own)
            said = f"It does not hold that {says}: {where}. The first pair:"
            lines += ["", fill(said, WIDTH, initial_indent="  ", subsequent_indent="  "), *_shown(own[0])]
    return lines


def _held(tried: Proved, name: str) -> str:
    if any(each.name == name for each in tried.broken):
        return "does not hold"
    pairs, most = tried.rounding.get(name, (0, 0))
    return f"holds to {most:,} cents of rounding ({pairs:,} pairs)" if pairs else "holds"


def _shown(broken: Broken) -> list[str]:
    """Both lines beside each other: what they are, then their walks to the step that counts."""
    rows: list[tuple[Any, ...]] = [
        (name, value, broken.better["inputs"][name]) for name, value in broken.worse["inputs"].items()
    ]
    rows.append(("grade", broken.worse["grade"], broken.better["grade"]))
    for worse, better in zip(broken.worse["walk"], broken.better["walk"], strict=True):
        rows.append((f"after {worse['step']}", _after(worse), _after(better)))
        if worse["step"] == "expected_loss":
            break
    return columns(("", "the worse", "the better"), [tuple(map(_cell, row)) for row in rows], indent="    ")


def _after(step: Mapping[str, Any]) -> str:
    value = "" if step["value"] is None else f" {step['value']:,}"
    return f"{step['after_cents']:,}" + (f"  {step['row']}{value}" if step["row"] else "")


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _listed(title: str, said: list[str]) -> list[str]:
    return [title, *(f"  {each}" for each in said or ["none"]), ""]
