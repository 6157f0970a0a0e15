"""The policies that both walks are compared under: the shipped one, and two laid over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from linewatch.documents import Documents, load_documents
from linewatch.policy import Policy
from linewatch.regulation import Record

FOLDER = Path(__file__).parent / "policies"
SHIPPED = "shipped"
NAMES = (SHIPPED, "strict", "generous")
KEYS = {"segment": ("name",), "strategy": ("segment", "grade", "slot")}
"""Lists whose rows are changed one by one, and what a row is known by; other lists are replaced."""

Table = dict[str, Any]


def documents_under(name: str, as_of: date) -> Documents:
    """The shipped documents, the policy being the one named."""
    documents = load_documents(as_of)
    if name == SHIPPED:
        return documents
    changed = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    shipped = tomllib.loads(_text_of(documents))
    every = changed.pop("every_segment", {})
    for segment in shipped["segment"]:
        _lay(segment, every)
    meanwhile = changed.pop("meanwhile", {})
    _lay(shipped, changed)
    for trigger in shipped["trigger"]:
        if trigger["code"] in meanwhile:
            trigger |= {"meanwhile": "no_new_drawdown", "reason": meanwhile[trigger["code"]]}
    return replace(documents, policy=Policy.model_validate(shipped))


def with_more_law(documents: Documents) -> Documents:
    """China's pack with made-up records besides: every measure of law is met by somebody."""
    rows = tomllib.loads((FOLDER / "law.toml").read_text(encoding="utf-8"))["record"]
    told = {"effective_from": date(2020, 1, 1), "citation": "None.", "checked": False, "because": "A test."}
    pack = documents.packs["cn"]
    records = (*pack.record, *(Record.model_validate({**told, **row}) for row in rows))
    return replace(documents, packs={**documents.packs, "cn": pack.model_copy(update={"record": records})})


def _text_of(documents: Documents) -> str:
    return next(source.text for source in documents.sources if source.kind == "policy")


def _lay(under: Table, over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and key in under and key != "target_bp":
            _lay(under[key], value)
        elif key in KEYS and isinstance(value, list):
            _lay_rows(under[key], value, KEYS[key])
        else:
            under[key] = deepcopy(value)


def _lay_rows(under: list[Table], over: list[Table], known_by: tuple[str, ...]) -> None:
    for row in over:
        (changed,) = [each for each in under if all(each.get(key) == row.get(key) for key in known_by)]
        _lay(changed, row)
