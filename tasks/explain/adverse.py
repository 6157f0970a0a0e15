"""What the law calls what becomes of a line, and the grounds that it is judged by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from linewatch.adverse import ACTIONS, BECAUSE, KINDS, NOT_ADVERSE
from linewatch.money import major

Money = Callable[[int | None], str]
ENGLISH = 1


def adverse_of(line: Mapping[str, Any]) -> dict[str, Any] | None:
    """None where nothing gets worse, and of nights before it was kept."""
    if line.get("adverse_action") in (None, NOT_ADVERSE):
        return None
    return {
        "action": line["adverse_action"],
        "because": line["adverse_because"],
        "change": line["adverse_change"],
        "requested_limit_cents": line["requested_limit_cents"],
        "grounds": [dict(ground) for ground in line["grounds"]],
    }


def told_of_adverse(adverse: Mapping[str, Any], money: Money, referred: bool) -> Iterator[tuple[str, str]]:
    """In names and sentences: the class first, then a ground each."""
    would = "; nothing is done before a person has decided" if referred else ""
    yield (
        "Law calls",
        f"{ACTIONS[adverse['action']][ENGLISH]}: {BECAUSE[adverse['because']][ENGLISH]}"
        f" [{adverse['because']}]{would}",
    )
    if adverse["requested_limit_cents"] is not None:
        yield "Asked for", money(adverse["requested_limit_cents"])
    for ground in adverse["grounds"]:
        yield "Ground", _ground(ground, money)


def _ground(ground: Mapping[str, Any], money: Money) -> str:
    told = str(ground["step"]).replace("_", " ")
    if ground["row"]:
        told += f" ({ground['row']})"
    if ground["cents"] is not None:
        told += f" alone takes {money(ground['cents'])}"
    if ground["class_share_bp"] is not None:
        told += f"; {major(ground['class_share_bp'], 2)} % of its class get the same"
    return f"{told}; {KINDS[ground['kind']][ENGLISH]} [{ground['kind']}]"
