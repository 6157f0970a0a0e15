"""Two versions of a document, told apart in sentences: what was changed, from what to what, and why now.

Documents are compared as plain tables and not through the models, so that a draft that is not whole yet,
or a version from years ago, can be compared too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from pydantic import BaseModel

from linewatch.keys import DOCUMENTS, keys_of, models_in
from linewatch.units import in_words

Table = Mapping[str, Any]

KINDS: Mapping[str, str] = {
    "letter": "notices",
    "strategy": "policy",
    "characteristic": "scorecard",
    "record": "regulation pack",
    "licence": "profile",
}
"""A key that only this kind of document has, to the kind."""
NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "strategy": ("segment", "grade", "slot"),
    "trigger": ("code", "segments"),
    "attribute": ("from", "below", "unknown"),
    "pd": ("score_from",),
    "bands": ("subject",),
    "band": ("grade",),
    "guard": ("guard",),
    "treatment": ("kind",),
}
"""What names a row of these lists; any other is named by the first of NAMES that all its rows have."""
NAMES = ("id", "name", "code", "kind", "grade", "key")
ORDERED = frozenset({"segment", "utilisation_band"})
"""Lists in which the first row that fits counts: another order is another document."""
UNTOLD = frozenset({"id", "version", "effective_from"})
LONGEST = 180
UNITS = ("_bp", "_cents", "_months", "_days")
"""A table whose name ends so has its numbers in that unit."""


@dataclass(frozen=True)
class Change:
    """One key, row or order that differs."""

    what: str
    """changed, added, removed, reordered or reworded."""
    where: str
    """The row or part, in words; empty for the document itself."""
    key: str
    old: Any
    new: Any
    says: str
    """The change as a sentence."""
    means: str = ""
    """What the key means, where docs/documents.md says it."""
    because: str = ""
    """The reason that stands beside the new value."""
    because_is_old: bool = False
    """The same reason stood beside the old value: perhaps it was forgotten."""


def kind_of(document: Table) -> str | None:
    """Which kind of document this is, None if it is none."""
    return next((kind for key, kind in KINDS.items() if key in document), None)


def changes(old: Table, new: Table) -> list[Change]:
    """Every difference, in the order of the new document, what was taken away at its place in the old."""
    kind = kind_of(new) or kind_of(old)
    models = {title.lower(): model for title, _, model in DOCUMENTS}
    model = models.get(kind or "", models["policy"])
    return list(_tables(old, new, "", (model,), NO_REASON))


def as_json(found: Sequence[Change]) -> list[dict[str, Any]]:
    """Plain rows, days as ISO text."""
    return [asdict(each) for each in found]


def text(found: Sequence[Change]) -> list[str]:
    """Sentences under the part or row they are about."""
    lines: list[str] = []
    for number, each in enumerate(found):
        before = found[number - 1] if number else None
        if before is None or before.where != each.where:
            lines += ["", each.where or "the document"]
        means = f" ({each.means.rstrip('.')})" if each.means else ""
        lines.append(f"  {each.says}{means}")
        after = found[number + 1] if number + 1 < len(found) else None
        if each.because and (after is None or (after.where, after.because) != (each.where, each.because)):
            lines.append(f"    because{', as before' if each.because_is_old else ''}: {each.because}")
    return lines[1:]


@dataclass(frozen=True)
class _Because:
    """The reason beside what is compared, and whether it stood there before."""

    text: str
    is_old: bool

    def inside(self, old: Table, new: Table) -> _Because:
        own = new.get("because")
        return _Because(str(own), own == old.get("because")) if own is not None else self


NO_REASON = _Because("", False)


def _tables(
    old: Table,
    new: Table,
    where: str,
    models: tuple[type[BaseModel], ...],
    because: _Because,
    unit: str = "",
) -> Iterator[Change]:
    because = because.inside(old, new)
    told = {key.name: key.means for model in models for key in keys_of(model)}
    names = [*new, *(key for key in old if key not in new)]
    for name in sorted(names, key=lambda name: isinstance(new.get(name, old.get(name)), list | dict)):
        before, after = old.get(name), new.get(name)
        if before == after or (not where and name in UNTOLD):
            continue
        inner = tuple(found for model in models for found in _models(model, name))
        if isinstance(before, dict) or isinstance(after, dict):
            unit = name if name.endswith(UNITS) else ""
            yield from _tables(before or {}, after or {}, _joined(where, name), inner, because, unit)
        elif _rows(before) or _rows(after):
            yield from _lists(before or [], after or [], where, name, inner)
        elif name == "because":
            if set(old) == set(new) and all(old[key] == new[key] for key in old if key != "because"):
                said = f"the reason beside it now reads: {after}"
                yield Change("reworded", where, name, before, after, said)
        else:
            said = _said(name, before, after, new if after is not None else old, unit)
            what = "added" if before is None else "removed" if after is None else "changed"
            means = told.get(name, "")
            yield Change(what, where, name, before, after, said, means, because.text, because.is_old)


def _lists(
    old: list[Table], new: list[Table], where: str, name: str, models: tuple[type[BaseModel], ...]
) -> Iterator[Change]:
    naming = NAMED_BY.get(name) or next(
        ((key,) for key in NAMES if all(key in row for row in (*old, *new))), ()
    )
    if not naming:
        for number, (before, after) in enumerate(zip_longest(old, new), start=1):
            yield from _tables(
                before or {}, after or {}, _joined(where, f"{name} {number}"), models, NO_REASON
            )
        return
    was, now = _by_name(old, naming), _by_name(new, naming)
    for key, row in now.items():
        place = _joined(where, f"{name} {key}")
        if key in was:
            yield from _tables(was[key], row, place, models, NO_REASON)
        else:
            said = f"is new: {_shown(row, naming)}"
            yield Change("added", place, "", None, row, said, because=str(row.get("because", "")))
    for key, row in was.items():
        if key not in now:
            said = f"is gone; it was: {_shown(row, naming)}"
            yield Change("removed", _joined(where, f"{name} {key}"), "", row, None, said)
    orders = [key for key in was if key in now], [key for key in now if key in was]
    if name in ORDERED and orders[0] != orders[1]:
        said = f"the order, in which the first that fits counts, is now {', '.join(orders[1])}"
        yield Change("reordered", where, name, orders[0], orders[1], said)


def _said(name: str, before: Any, after: Any, row: Table, unit: str) -> str:
    old, new = (in_words(unit or name, value, row) for value in (before, after))
    if before is None:
        return f"{name} is now {new}; it was not set"
    if after is None:
        return f"{name} is no longer set; it was {old}"
    numbers = all(isinstance(each, int) and not isinstance(each, bool) for each in (before, after))
    verb = ("rises" if after > before else "falls") if numbers else "goes"
    return f"{name} {verb} from {old} to {new}"


def _shown(row: Table, naming: Sequence[str]) -> str:
    told = [
        f"{key} {in_words(key, value, row)}"
        for key, value in row.items()
        if key not in (*naming, "because") and not isinstance(value, list | dict)
    ]
    told += [
        f"{key} {', '.join(f'{inner} {in_words(key, each, row)}' for inner, each in value.items())}"
        for key, value in row.items()
        if isinstance(value, dict) and not any(isinstance(each, list | dict) for each in value.values())
    ]
    said = "; ".join(told) or "no more than its name"
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _by_name(rows: list[Table], naming: Sequence[str]) -> dict[str, Table]:
    """Rows by what names them; of two with one name the later has its number behind it."""
    named: dict[str, Table] = {}
    for number, row in enumerate(rows, start=1):
        parts = [
            _part(key, row[key], row) for key in naming if key in row and row[key] not in (None, [], False)
        ]
        name = " ".join(parts) or "for all"
        named[name if name not in named else f"{name} ({number})"] = row
    return named


def _part(key: str, value: Any, row: Table) -> str:
    if value is True:
        return key
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{key} {shown}" if key in ("from", "below", "score_from") else shown


def _models(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    field = model.model_fields.get(name) or next(
        (field for field in model.model_fields.values() if field.alias == name), None
    )
    return models_in(field.annotation) if field is not None else []


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _joined(where: str, name: str) -> str:
    return f"{where}, {name}" if where else name
