"""One page of a borrower that an agent can read out: how every limit came about, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch, Ledger, standing_ledger
from linewatch.errors import DataRefused, PlaceUnusable
from linewatch.recorded import Recorded, recorded
from linewatch.room import whole
from linewatch.telling import says_no_causes
from tasks.borrower_view import page as shown
from tasks.borrower_view.asked import cases_of
from tasks.borrower_view.figures import Figures
from tasks.borrower_view.helping import advice_of, promises_of
from tasks.borrower_view.history import history_of, letters_of
from tasks.borrower_view.lines import holds_of, lines_of
from tasks.borrower_view.reading import Read, Row, read
from tasks.borrower_view.when import written_on
from tasks.borrower_view.words import WORDS, Language

__all__ = ["View", "borrower_view"]

LENDER = ("name", "complaints_address", "regulator_address")


@dataclass(frozen=True)
class View:
    """One borrower as of one night: `content` is JSON-able, days as ISO text, money in whole cents."""

    content: Mapping[str, Any]
    home: Path

    @property
    def text(self) -> str:
        """What an agent reads out, at most 100 columns wide."""
        return shown.text(self.content)

    def write(self, to: Path) -> Path:
        """Write the page; return where it lies. Raises DataRefused for a place in the home, PlaceUnusable for
        one where no file can be.
        """
        path = to.absolute()
        if self.home.resolve() in path.resolve().parents:
            raise DataRefused(
                f"{path} lies in the home, where no erasure and no export would know of it.",
                what_now="Nothing was written. Name a file outside the home, and delete it when it is read.",
            )
        if not path.parent.is_dir() or path.is_dir():
            raise PlaceUnusable(
                f"{path} is no place for a file.", what_now="Nothing was written. Name a file in a folder."
            )
        with whole(path) as half:
            half.write_text(shown.page(self.content), encoding="utf-8")
        return path


def borrower_view(
    home: Path, borrower_id: str, as_of: date | None = None, language: Language | None = None
) -> View:
    """What may be told of a borrower as of a committed night (None: the newest), in their own language.

    Committed files are read in a database of its own, so it works while a night runs, and nothing is
    written: the same home gives the same bytes. Raises NotFound for a night that is not there or was pruned,
    and for a borrower of whom nothing is held; DataRefused for a file that is damaged.
    """
    ledger = standing_ledger(home)
    found = read(ledger, borrower_id, as_of)
    documents = recorded(text for _, _, text in ledger.documents_of(found.night))
    spoken: Language = language or _language(found, documents)
    content = _content(ledger, found, documents, borrower_id, spoken)
    plain: dict[str, Any] = _plain(content)
    return View(plain, home)


def _language(found: Read, documents: Recorded) -> Language:
    """The borrower's own, else that of their newest letter where the source's rows are gone, else that of the
    country: as letters choose it.
    """
    own = (found.reader or {}).get("language")
    if found.reader is None and found.drafts:
        own = found.drafts[-1][1]["language"]
    country = _who(found)["jurisdiction"]
    chosen = own or documents.profile.get("languages", {}).get(country)
    return "zh" if chosen == "zh" else "en"


def _who(found: Read) -> Row:
    known = found.reader or found.newest_row or {}
    return {name: known.get(name) for name in ("borrower_type", "jurisdiction")}


def _content(
    ledger: Ledger, found: Read, documents: Recorded, borrower_id: str, language: Language
) -> dict[str, Any]:
    who = _who(found)
    silent = says_no_causes(documents, who["jurisdiction"], found.night.as_of)
    history = history_of(found, (each.batch.seq for each in ledger.pending()), causes=not silent)
    figures = Figures(language, who["jurisdiction"])
    cases, barred = cases_of(ledger, found, borrower_id)
    lines = lines_of(found, history)
    notices = _Notices(ledger, found, language)
    for line in lines:
        if line["paused_because"]:
            line["paused_because"]["reasons"] = notices.said("reason", line["paused_because"]["reasons"])
    for case in cases:
        case["triggers"] = notices.said("trigger", case["triggers"])
    return {
        "format": "linewatch-borrower-view/1",
        "borrower": {"borrower_id": borrower_id, **who},
        "language": language,
        "lender": {name: documents.profile.get(name, "") for name in LENDER},
        "as_of": found.night.as_of,
        "batch": found.night.batch,
        "is_newest": found.is_newest,
        "more_may_be_told": not barred,
        "lines": lines,
        "history": [notices.of_change(each) for each in history],
        "letters": letters_of(found, lambda batch: written_on(ledger, batch)),
        "cases": cases,
        "holds": holds_of(found, history, notices.word, barred=barred),
        "promises": promises_of(found, notices.of, figures, language, barred=barred),
        "advice": advice_of(found, history, notices.of, figures, language, barred=barred),
        "right_to_a_person": WORDS[language]["right"],
        "not_kept": found.not_kept,
    }


class _Notices:
    """What codes say: of a change, in the words that were in force when it was decided."""

    def __init__(self, ledger: Ledger, found: Read, language: Language) -> None:
        self.language = language
        self.batches = {each.seq: each for each in found.batches}
        self.ledger = ledger
        self.read: dict[tuple[str, ...], Recorded] = {}
        self.now = self.of(found.night)

    def of(self, batch: Batch) -> Recorded:
        """The words that were in force for a batch."""
        if batch.documents not in self.read:
            text = self.ledger.document_of(batch, "notice")
            self.read[batch.documents] = recorded([text] if text else [])
        return self.read[batch.documents]

    def word(self, room: str, code: str) -> str:
        return self.now.words(room, code, self.language)

    def said(self, room: str, codes: list[str]) -> list[Row]:
        return [{"code": code, "text": self.word(room, code)} for code in codes]

    def of_change(self, change: Row) -> Row:
        then = self.of(self.batches[change["seq"]])
        reasons = [
            {"code": code, "text": then.words("reason", code, self.language)} for code in change["reasons"]
        ]
        causes = change["causes"] and {**change["causes"], "words": self._causes(then, change["causes"])}
        told = {**change, "reasons": reasons, "causes": causes}
        return {name: each for name, each in told.items() if name != "seq"}

    def _causes(self, then: Recorded, causes: Row) -> Row:
        """What each part is called; as letters call it tonight where the notices of then had no causes."""
        notices = then if "cause" in then.notices else self.now
        return {name: notices.words("cause", name, self.language) for name in causes["parts"]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
