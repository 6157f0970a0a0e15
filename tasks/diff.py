"""Finds two versions of a document, in files, in the record or as shipped, and tells them apart."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger import Ledger, standing_ledger
from linewatch.difference import Change, as_json, changes, kind_of, text
from linewatch.documents import SHIPPED
from linewatch.errors import DocumentRefused, NotFound

OF_SHIPPED = "shipped"
HASH = re.compile("[0-9a-f]{6,64}")


@dataclass(frozen=True)
class Version:
    """A document as it was found."""

    found: str
    sha256: str
    content: Mapping[str, Any]

    def told(self) -> dict[str, str]:
        names = ("id", "version", "effective_from")
        return {
            "found": self.found,
            "kind": kind_of(self.content) or "",
            "sha256": self.sha256,
            **{name: str(self.content.get(name, "")) for name in names},
        }

    def __str__(self) -> str:
        told = self.told()
        return (
            f"{told['id']} version {told['version']}, in force from {told['effective_from']} ({self.found})"
        )


@dataclass(frozen=True)
class Difference:
    """Two versions and what differs."""

    old: Version
    new: Version
    changes: list[Change]

    @property
    def content(self) -> dict[str, Any]:
        return {"old": self.old.told(), "new": self.new.told(), "changes": as_json(self.changes)}

    @property
    def text(self) -> str:
        kind = kind_of(self.new.content)
        head = [f"{kind}: from {self.old}", f"{' ' * len(str(kind))}    to {self.new}", ""]
        told = text(self.changes) or ["They say the same."]
        return "\n".join([*head, *told])


def diff(home: Path, old: str, new: str) -> Difference:
    """Tell two versions apart: each a file, a hash or `version` or `id@version` of the record, or `shipped`.

    Raises NotFound for one that is nowhere, DocumentRefused for what is no document or another kind.
    """
    if old == new == OF_SHIPPED:
        raise DocumentRefused(["both versions are the shipped one"], what_now="Name a file or a version.")
    first = _version(home, old, None) if old != OF_SHIPPED else None
    second = _version(home, new, first) if new != OF_SHIPPED else _shipped(first)
    first = first or _shipped(second)
    kinds = [kind_of(version.content) for version in (first, second)]
    if kinds[0] != kinds[1] or kinds[0] is None:
        told = " and ".join(
            f"{version.found} is {f'a {kind}' if kind else 'no document'}"
            for version, kind in zip((first, second), kinds, strict=True)
        )
        raise DocumentRefused([told], what_now="Name two versions of one kind of document.")
    return Difference(first, second, changes(first.content, second.content))


def _version(home: Path, name: str, other: Version | None) -> Version:
    path = Path(name)
    if path.is_file():
        return _read(str(path), _text(path))
    found = _recorded(home, name)
    if other is not None and len(found) > 1:
        same = (kind_of(other.content), other.content.get("id"))
        found = [each for each in found if (kind_of(each.content), each.content.get("id")) == same]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            f"{name!r} could be any of {len(found)} documents of this home.",
            where="\n".join(f"  {each.content.get('id')}@{each.content.get('version')}" for each in found),
            what_now="Name it by ID@VERSION, or by the first digits of its hash.",
        )
    raise NotFound(
        f"There is no file {name!r}, and no night of this home used a document of that hash or version.",
        where=str(home),
        what_now="Name a file, ID@VERSION, a hash, or shipped. linewatch policy diff shipped FILE shows what"
        " you changed of the shipped one.",
    )


def _recorded(home: Path, name: str) -> list[Version]:
    try:
        ledger: Ledger = standing_ledger(home)
    except NotFound:
        return []
    found = []
    for _, its_id, version, sha256, content in ledger.every_document():
        by_hash = HASH.fullmatch(name) and sha256.startswith(name)
        if by_hash or name in (version, f"{its_id}@{version}"):
            found.append(_read(f"record {sha256[:12]}", content))
    return found


def _shipped(other: Version | None) -> Version:
    """The newest shipped document of the other's kind and id; of its kind, where it is the only one."""
    if other is None:
        raise DocumentRefused(["both versions are the shipped one"])
    of_kind = [
        version
        for path in sorted(SHIPPED.glob("*/*.toml"))
        if kind_of((version := _read(f"shipped {path.name}", _text(path))).content) == kind_of(other.content)
    ]
    same = [version for version in of_kind if version.content.get("id") == other.content.get("id")]
    if not same and len({version.content.get("id") for version in of_kind}) > 1:
        raise NotFound(
            f"No shipped {kind_of(other.content)} has the id {other.content.get('id')!r}.",
            what_now="Name both versions as files.",
        )
    return max(same or of_kind, key=lambda version: str(version.content.get("effective_from")))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentRefused([f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}"]) from error


def _read(found: str, content: str) -> Version:
    try:
        read = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise DocumentRefused([f"{found}: not TOML: {error}"]) from error
    return Version(found, hashlib.sha256(content.encode()).hexdigest(), read)
