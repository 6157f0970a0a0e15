"""JSON that can be read in one way only, and written again byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, TypeGuard

DIGITS_MOST = 19
"""Whole numbers of the format fit 64 bits; longer ones are refused before they are computed with."""

DEPTH_MOST = 20


class Malformed(Exception):
    """Raised with a sentence for a person: what was given is not in the form that docs/log.md describes."""


def parse(text: str) -> Any:
    """What a JSON text says; raises Malformed for fractions, repeated keys, NaN and all that is no JSON."""
    try:
        text.encode()
        value = json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=lambda number: _refuse("it has a number that is not whole"),
            parse_constant=lambda name: _refuse(f"it has {name}, which is no number"),
        )
    except UnicodeEncodeError:
        raise Malformed("it is no text in UTF-8") from None
    except RecursionError:
        raise Malformed("it is nested too deep") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"it is no JSON (line {error.lineno}, column {error.colno})") from None
    _check_depth(value)
    return value


def parse_object(text: str) -> dict[str, Any]:
    """The same, of a text that has to be a JSON object."""
    value = parse(text)
    if not isinstance(value, dict):
        raise Malformed("it is no JSON object")
    return value


def compact(value: Any) -> str:
    """JSON as docs/log.md has it hashed: sorted keys, no blanks, escaped as little as JSON allows."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def same(told: Any, found: Any) -> bool:
    """Whether two values are equal and of one type: True is not 1."""
    if isinstance(told, dict) and isinstance(found, dict):
        return told.keys() == found.keys() and all(same(told[key], found[key]) for key in told)
    if isinstance(told, list) and isinstance(found, list):
        return len(told) == len(found) and all(map(same, told, found))
    return type(told) is type(found) and bool(told == found)


def whole(value: Any, *, least: int = 0) -> TypeGuard[int]:
    """Whether a value is a whole number and no flag."""
    return type(value) is int and value >= least


def is_hex(value: Any, count: int) -> TypeGuard[str]:
    """Whether a value is the lower-case hex of so many bytes."""
    return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{2 * count}}}", value) is not None


def in_hex(value: Any, count: int, name: str) -> bytes:
    """The bytes of lower-case hex; raises Malformed."""
    if not is_hex(value, count):
        raise Malformed(f"`{name}` is not the lower-case hex of {count} bytes")
    return bytes.fromhex(value)


def keys_are(value: Any, names: Iterable[str], where: str, *, perhaps: Iterable[str] = ()) -> dict[str, Any]:
    """The value, if it is an object with just these keys; raises Malformed."""
    if not isinstance(value, dict):
        raise Malformed(f"{where} is no JSON object")
    missing, strange = set(names) - value.keys(), value.keys() - set(names) - set(perhaps)
    if missing:
        raise Malformed(f"{where} lacks {_listed(missing)}")
    if strange:
        raise Malformed(f"{where} has keys that the format does not know")
    return value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Malformed("it has a key twice")
    return made


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > DIGITS_MOST:
        raise Malformed("it has a number longer than any of ours")
    return int(digits)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH_MOST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise Malformed("it is nested too deep")


def _refuse(why: str) -> Any:
    raise Malformed(why)
