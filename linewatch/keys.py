"""docs/documents.md: every key of every document, its type, bounds and default, and what it means.

Types and bounds come from the models themselves, meanings from the text that stands under each key there.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import fill
from typing import Any

from pydantic import BaseModel

from linewatch import notice, policy, profile, regulation, scorecard
from linewatch.documents import MOST_BYTES

DOCUMENTS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("Profile", "profile", profile.Profile),
    ("Policy", "policies", policy.Policy),
    ("Scorecard", "scorecards", scorecard.Scorecard),
    ("Regulation pack", "regulations", regulation.Pack),
    ("Notices", "notices", notice.Notices),
)
WIDTH = 110
EVERYWHERE: Mapping[str, str] = {
    "id": "Of the files of one `id` the newest in force is used.",
    "version": "Free text; shown where the document is named.",
    "effective_from": "The first night (`as_of`) that may use it.",
    "because": "Why it is so. Read by people alone.",
}
"""What these keys mean in any document that does not say otherwise."""

PAGE = """\
# The documents

A night obeys five kinds of document: who the lender is, its risk policy, its scorecards, what the law asks,
and the words of letters. Each is a TOML file. What the numbers of a policy do to a limit is told in
[policy.md](policy.md), what a scorecard may read in [characteristics.md](characteristics.md).

This page is made by `python -m linewatch.keys > docs/documents.md` from the models under `linewatch/`; a test
holds it current.

## How a document is found

- Each file has an `id`, a `version` and a day `effective_from`. A night uses, of each `id`, the newest with
  `effective_from` <= `as_of`; what begins later waits. The name of a file is free, its ending is `.toml`. Of
  policies and notices a single one is used: the newest of all.
- `linewatch init DIR` writes `DIR/profile.toml` and, beside it, `policies/`, `scorecards/`, `regulations/`
  and `notices/`. With `--profile DIR/profile.toml` a night looks in these folders. Where a folder is missing,
  the shipped documents of that kind serve, and each night says so in a note; an empty folder is not
  missing, and holds none.
- `--profile FILE` and `--policy FILE` are used in place of any that would be found, `--scorecard FILE` in
  place of the card with its `id`. A file that is named and not yet in force is a fault.
- The text and SHA-256 of what a night used are written into the ledger.

## How a document is changed

**Never edit one that a night has used**: the same night with other documents is refused, and earlier nights
are explained by what they used. Copy it to a new file beside the old one, give it a new `version` and the day
from which it counts. The profile is named and not found: keep dated copies, and name the new one.

## What a fault does

Before a night touches any data, every file that is not of a later day is read whole. A key that is unknown or
missing, a value beyond its bounds, a document that names what another lacks: the night is refused (exit 2)
with every fault of every file in one list, as `FILE: key: what is wrong`. What only the data can show, such
as a cap in a currency that no rate converts, refuses it later. Either way nothing is decided or kept.

Numbers are whole: `_cents` are minor units, `_bp` basis points (10,000 is the whole), points are hundredths.
*Needed* keys have no default. A file over {most_bytes} bytes is a fault.

{documents}
"""


@dataclass(frozen=True)
class Key:
    """A row of the page, each cell as it is shown."""

    name: str
    type: str
    bounds: str
    default: str
    means: str


def page() -> str:
    """docs/documents.md, whole."""
    parts = [_document(*each) for each in DOCUMENTS]
    documents = re.sub(r"\bdocs/([\w-]+\.md)", r"[\1](\1)", "\n\n".join(parts))
    return PAGE.format(most_bytes=f"{MOST_BYTES:,}", documents=documents)


def keys_of(model: type[BaseModel]) -> list[Key]:
    """Every key of a model in the order of its file."""
    schema = model.model_json_schema()
    needed = schema.get("required", ())
    meanings = _meanings(model)
    return [
        Key(
            name,
            *_type(told, schema.get("$defs", {})),
            "needed" if name in needed else _default(told.get("default")),
            meanings.get(name) or EVERYWHERE.get(name, ""),
        )
        for name, told in schema["properties"].items()
    ]


def _document(title: str, folder: str, model: type[BaseModel]) -> str:
    where = f"`{folder}/*.toml`" if folder != "profile" else "`profile.toml`"
    parts = [f"## {title}\n\n{_says(model)} In {where}.\n\n{_table(model)}"]
    for inner, places in _inner(model).items():
        others = fill(", ".join(f"`{place}`" for place in places[1:]), WIDTH, break_on_hyphens=False)
        said = f"{_says(inner)} So too in:\n{others}" if others else _says(inner)
        parts.append(f"### `{places[0]}`\n\n{said}\n\n{_table(inner)}")
    return "\n\n".join(parts)


def _table(model: type[BaseModel]) -> str:
    heads = "| key | type | bounds | default | means |\n|---|---|---|---|---|"
    rows = [
        f"| `{key.name}` | {key.type} | {key.bounds} | {key.default} | {key.means} |"
        for key in keys_of(model)
    ]
    return "\n".join([heads, *rows])


def _says(model: type[BaseModel]) -> str:
    """The first paragraph of a model's own words, as one line."""
    return " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())


def _inner(model: type[BaseModel]) -> dict[type[BaseModel], list[str]]:
    """The models inside a document, each once, with how every place of it is written in TOML."""
    found: dict[type[BaseModel], list[str]] = {}
    for inner, place in _places(model, ""):
        found.setdefault(inner, []).append(place)
    return found


def _places(model: type[BaseModel], before: str) -> Iterator[tuple[type[BaseModel], str]]:
    for name, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            outer = str(getattr(field.annotation, "__origin__", ""))
            path = f"{before}{field.alias or name}" + (".CODE" if "dict" in outer else "")
            yield inner, f"[[{path}]]" if "tuple" in outer else f"[{path}]"
            yield from _places(inner, f"{path}.")


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a key's type is made of."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in models_in(part)]


def _type(told: Mapping[str, Any], models: Mapping[str, Any]) -> tuple[str, str]:
    """Type and bounds of a key as JSON Schema tells them."""
    if "anyOf" in told:
        return _type(next(one for one in told["anyOf"] if one.get("type") != "null"), models)
    if "$ref" in told:
        return "table", ""
    if "enum" in told:
        return "text", ", ".join(f"`{value}`" for value in told["enum"])
    if told["type"] == "array":
        inner, bounds = _type(told["items"], models)
        return f"list of {_many(inner)}", bounds
    if told["type"] == "object":
        inner, bounds = _type(told["additionalProperties"], models)
        named = ", ".join(f"`{value}`" for value in told.get("propertyNames", {}).get("enum", ()))
        return f"table of {_many(inner)}", "; ".join(
            part for part in (named and f"keys {named}", bounds) if part
        )
    if told.get("format") == "date":
        return "day", ""
    words = {"integer": "whole number", "string": "text", "boolean": "true or false"}
    return words[told["type"]], _bounds(told)


def _many(type: str) -> str:
    return type if type == "text" else f"{type}s"


def _bounds(told: Mapping[str, Any]) -> str:
    if "pattern" in told:
        return f"`{told['pattern']}`"
    low = told.get("minimum", told["exclusiveMinimum"] + 1 if "exclusiveMinimum" in told else None)
    high = told.get("maximum")
    if low is None:
        return "" if high is None else f"at most {high:,}"
    return f"at least {low:,}" if high is None else f"{low:,} to {high:,}"


def _default(value: Any) -> str:
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    return f"`{value}`" if value and isinstance(value, str) else "none"


@cache
def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """The text that stands under each key of a model, as one line; keys by the name that a file uses."""
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for key, after in zip(body.body, body.body[1:], strict=False):
        if not (isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            name = model.model_fields[key.target.id].alias or key.target.id
            found[name] = " ".join(str(after.value.value).split())
    return found


if __name__ == "__main__":
    sys.stdout.write(page())
