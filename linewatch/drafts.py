"""Documents as they would be with a draft among them: laid out as a lender's set is, and read again."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from linewatch.documents import Documents, load_documents
from linewatch.errors import DocumentRefused

ROOMS = {
    "policy": "policies",
    "scorecard": "scorecards",
    "former_scorecard": "scorecards",
    "regulation": "regulations",
    "notice": "notices",
}
"""Kind of document to its folder, as `linewatch init` lays a set out; the profile lies above them."""
BEGINS = re.compile(r"^effective_from *=.*$", re.MULTILINE)
"""The first is the document's own: a file begins with the keys by which it is found."""


def with_drafts(
    texts: Iterable[tuple[str, str]], drafts: Mapping[str, Iterable[Path]], as_of: date, folder: Path
) -> Documents:
    """The documents of these kinds and texts, drafts among them as though in force since `as_of`.

    `folder` is filled with them. A draft stands in for the document of its id, a policy for any. Raises
    DocumentRefused with every fault, told of the files that a person named.
    """
    for room in ROOMS.values():
        (folder / room).mkdir(parents=True, exist_ok=True)
    copies: dict[Path, str] = {}
    for kind, text in texts:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        path = folder / "profile.toml" if kind == "profile" else folder / ROOMS[kind] / f"{sha256[:16]}.toml"
        path.write_text(text, encoding="utf-8", newline="")
        copies[path] = f"{kind} {sha256[:12]} of the record"
    for kind, paths in drafts.items():
        copies |= {_draft(folder / ROOMS[kind], path, as_of): str(path) for path in paths}
    try:
        return load_documents(as_of, profile=folder / "profile.toml")
    except DocumentRefused as refused:
        raise DocumentRefused([_named(fault, copies) for fault in refused.faults]) from None


def _draft(room: Path, draft: Path, night: date) -> Path:
    """A draft among the documents of a night, as though it were in force from that night on."""
    try:
        text = draft.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentRefused([f"{draft}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}"]) from error
    for other in room.glob("*.toml"):
        begun, id = _found_by(other.read_text(encoding="utf-8"))
        if begun == night.isoformat() and (room.name == ROOMS["policy"] or id == _found_by(text)[1]):
            other.unlink()
    copy = room / f"draft-{len(list(room.iterdir()))}.toml"
    copy.write_text(BEGINS.sub(f"effective_from = {night}", text, count=1), encoding="utf-8", newline="")
    return copy


def _found_by(text: str) -> tuple[str, str]:
    """The day and the id by which a document is found; empty where it has none, as its reading will say."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return "", ""
    return str(told.get("effective_from", "")), str(told.get("id", ""))


def _named(fault: str, copies: Mapping[Path, str]) -> str:
    """A fault of a copy, told of what a person knows."""
    for copy, name in copies.items():
        fault = fault.replace(str(copy), name)
    return fault
