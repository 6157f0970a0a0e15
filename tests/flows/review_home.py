"""A lender whose cases people decide: a real night with cases, five reviewers, and what they write."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl import load_workbook

import linewatch
from flows import people
from flows.takein import take_in_file
from ledger import Ledger, open_ledger
from linewatch.documents import Documents, load_documents
from linewatch.profile import Profile
from tasks.answers import LABELS
from tasks.demo import write_demo
from tasks.export import export_queue
from tests.whole_night import run_night

AS_OF = date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CREW = ("wu", "li", "chen", "zhao", "sun")
SHIPPED = Path(linewatch.__file__).parent
SMALL_CENTS = 5_000_000
"""What the last two of the crew may decide on."""
PERSON = """
[[people]]
id = "{name}"
roles = ["reviewer", "approver"]
amount_limit_cents = {most}
"""

Answer = Mapping[str, Any]
Cells = Mapping[str, Any]


def documents(
    as_of: date,
    place: Path,
    *,
    review: str | None = None,
    register: bool = True,
    profile: str = "",
    meanwhile: Mapping[str, str] = MappingProxyType({}),
    advice: bool = False,
) -> Documents:
    """The shipped documents with the crew in the profile's register and more of a profile, another [review]
    of the policy, and triggers (code to reason) that let nobody draw while people are asked; without [advice]
    unless it is asked about, because looking ahead takes seconds of every settlement.
    """
    place.mkdir(parents=True, exist_ok=True)
    policy = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    for code, reason in meanwhile.items():
        said = f'[[trigger]]\ncode = "{code}"\n'
        assert said in policy
        policy = policy.replace(said, f'{said}meanwhile = "no_new_drawdown"\nreason = "{reason}"\n')
    policy = policy if advice else without(policy, "advice")
    written = place / "policy.toml"
    written.write_text(policy if review is None else without(policy, "review") + review, encoding="utf-8")
    found = load_documents(as_of, policy=written)
    (old,) = [source for source in found.sources if source.kind == "profile"]
    text = old.text + profile + (_register() if register else "")
    new = replace(old, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())
    sources = tuple(new if source is old else source for source in found.sources)
    return replace(found, profile=Profile.model_validate(tomllib.loads(text)), sources=sources)


def _register() -> str:
    return "".join(
        PERSON.format(name=name, most=10**13 if name in CREW[:3] else SMALL_CENTS) for name in CREW
    )


def without(policy: str, section: str) -> str:
    """The policy without a section that stands by itself."""
    lines, kept, inside = policy.splitlines(keepends=True), [], False
    for line in lines:
        if line.startswith("["):
            inside = line.strip() == f"[{section}]" or line.startswith(f"[{section}.")
        if not inside:
            kept.append(line)
    return "".join(kept)


def committed(
    place: Path,
    *,
    borrowers: int = 600,
    seed: int = 3,
    review: str | None = "",
    register: bool = True,
    advice: bool = False,
) -> Path:
    """A home with one night, committed, of a made-up lender; without second looks unless `review` says so."""
    (night,) = write_demo(place / "lender", borrowers=borrowers, seed=seed, last_as_of=AS_OF)
    home = place / "home"
    given = documents(AS_OF, place / "documents", review=review, register=register, advice=advice)
    if run_night(night.folder, AS_OF, home, documents=given, promises=False).status == "held":
        people.approve(home, AS_OF, "wu", "Seen.", AT)
        if open_ledger(home).held() is not None:
            people.approve(home, AS_OF, "li", "Seen.", AT)
    return home


def queue(home: Path) -> list[dict[str, Any]]:
    """The rows of the queue as its workbook has them, by column."""
    return [cells for _, _, cells in _rows(load_workbook(export_queue(home).path))]


def answer(home: Path, to: Path, of: Callable[[Cells], Answer | None]) -> Path:
    """The queue's workbook with what `of` writes into each row; None: nothing."""
    book = load_workbook(export_queue(home).path)
    for sheet, number, cells in _rows(book):
        for name, value in (of(cells) or {}).items():
            sheet.cell(number, _places(sheet)[name]).value = value
    to.parent.mkdir(parents=True, exist_ok=True)
    book.save(to)
    return to


def taken(home: Path, path: Path, moment: datetime = AT) -> dict[str, Any]:
    return take_in_file(home, path, None, moment)


def says(outcome: str, by: str = "wu", reason: str = "", **more: Any) -> dict[str, Any]:
    """An answer with a reason that its letter can give."""
    own = {"approve": "agree_with_model", "keep": "conduct_explained"}.get(outcome, "conduct_confirmed")
    return {"outcome": outcome, "outcome_reason": reason or own, "reviewer": by, **more}


def settlements(ledger: Ledger) -> list[Any]:
    return [each for each in ledger.batches() if each.kind == "settlement"]


def _rows(book: Any) -> list[tuple[Any, int, dict[str, Any]]]:
    found = []
    for sheet in book.worksheets:
        places = _places(sheet)
        if "case_id" not in places:
            continue
        for number in range(2, sheet.max_row + 1):
            cells = {name: sheet.cell(number, at).value for name, at in places.items()}
            if cells["case_id"]:
                found.append((sheet, number, cells))
    return found


def _places(sheet: Any) -> dict[str, int]:
    heads = {cell.column: cell.value for cell in sheet[1]}
    return {LABELS[head]: at for at, head in heads.items() if head in LABELS}
