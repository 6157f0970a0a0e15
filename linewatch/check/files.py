"""Reads files of any kind of document and names every fault of all of them at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from linewatch.documents import faults_of
from linewatch.notice import Notices
from linewatch.policy import Policy
from linewatch.profile import Profile
from linewatch.regulation import Pack
from linewatch.scorecard import Scorecard

MODELS: dict[str, type[BaseModel]] = {
    "profile": Profile,
    "policy": Policy,
    "scorecard": Scorecard,
    "regulation": Pack,
    "notice": Notices,
}
SHARED = frozenset({"id", "version", "effective_from"})


@dataclass
class Files:
    """What was read: paths by kind of document, and what is wrong with them."""

    by_kind: dict[str, list[Path]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read(paths: Iterable[Path]) -> Files:
    """Every file as the kind that its keys say it is; its faults as a night would tell them."""
    found = Files()
    for path in paths:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            found.faults.append(f"{path}: {error.strerror}")
        except UnicodeDecodeError:
            found.faults.append(f"{path}: not UTF-8 text")
        except tomllib.TOMLDecodeError as error:
            found.faults.append(f"{path}: not TOML: {error}")
        else:
            _keep(found, path, data)
    return found


def _keep(found: Files, path: Path, data: dict[str, Any]) -> None:
    kind = _kind(data)
    if kind is None:
        found.faults.append(f"{path}: none of its keys says which kind of document it is")
        return
    found.by_kind.setdefault(kind, []).append(path)
    try:
        MODELS[kind].model_validate(data)
    except ValidationError as error:
        found.faults += faults_of(path, error, data)


def _kind(data: dict[str, Any]) -> str | None:
    """The kind that shares most keys with the file, beyond those that every document has."""
    shared = {kind: len((set(data) - SHARED) & set(model.model_fields)) for kind, model in MODELS.items()}
    kind = max(shared, key=lambda kind: shared[kind])
    return kind if shared[kind] else None
