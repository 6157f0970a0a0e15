"""Lines under records of law that a test makes up, and what the profile says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from linewatch.documents import Documents, load_documents
from linewatch.regulation import Pack, Record
from tests.decisions.small_lender import AS_OF, SmallLender

Row = dict[str, Any]


def record(type: str, measure: str, value: int | None = None, **keys: Any) -> Record:
    """A record that binds for ever, unless said."""
    told = {"id": f"{type}-{measure}".replace("_", "-"), "effective_from": date(2000, 1, 1), **keys}
    if type == "rate":
        told["applies_to"] = "new_drawdown"
    return Record(
        type=type, measure=measure, value=value, citation="A test", checked=False, because="A test.", **told
    )


class Countries:
    """One lender in as many countries as there are questions, each with a law of its own.

    A case's name is that of its country, its borrower and its line; all are decided at the first question.
    """

    def __init__(self, **profile: Any) -> None:
        self.lender = SmallLender()
        self._profile = profile
        self._packs: dict[str, Pack] = {}
        self._decided: dict[str, Row] = {}

    def law(self, country: str, *records: Record) -> None:
        self._packs[country] = pack_of(*records)

    def rising(self, name: str, *records: Record, borrower: Row | None = None, **line: Any) -> None:
        """A line that would rise, in a country with these records."""
        self.law(name, *records)
        rising(self.lender, name, {"jurisdiction": name, **(borrower or {})}, **line)

    def falling(self, name: str, *records: Record) -> None:
        """A line that would be cut, in a country with these records."""
        self.law(name, *records)
        falling(self.lender, name, jurisdiction=name)

    def month_rows(self, name: str) -> list[Row]:
        return [row for row in self.lender.rows["facility_month"] if row["facility_id"] == name]

    def report(self, name: str) -> Row:
        return next(row for row in self.lender.rows["bureau_report"] if row["borrower_id"] == name)

    def __getitem__(self, name: str) -> Row:
        if not self._decided:
            documents = load_documents(AS_OF)
            told = {**self._profile, "packs": {name: name for name in self._packs}}
            self.lender.documents = replace(
                documents, packs=self._packs, profile=documents.profile.model_copy(update=told)
            )
            self._decided = self.lender.decide()
        return self._decided[name]


def pack_of(*records: Record) -> Pack:
    return Pack(id="cn", version="1", effective_from=date(2000, 1, 1), record=records)


def documents_under(*records: Record, as_of: date = AS_OF, **profile: Any) -> Documents:
    """The shipped documents with these records alone as the law of China."""
    documents = load_documents(as_of)
    return replace(
        documents,
        packs={**documents.packs, "cn": pack_of(*records)},
        profile=documents.profile.model_copy(update=profile),
    )


def lender_under(*records: Record, as_of: date = AS_OF, **profile: Any) -> SmallLender:
    return SmallLender(as_of=as_of, documents=documents_under(*records, as_of=as_of, **profile))


def rising(lender: SmallLender, name: str, borrower: Row | None = None, **line: Any) -> None:
    """A borrower so good that the line `name` would rise."""
    lender.borrower(name, pd_bp=50, **(borrower or {}))
    lender.line(name, name, **line)


def falling(lender: SmallLender, name: str, **borrower: Any) -> None:
    """A borrower so bad that the unused line `name` would be cut."""
    lender.borrower(name, pd_bp=9_000, **borrower)
    lender.line(name, name, drawn_cents=0, months={"closing_balance_cents": 400_000})


def decide(lender: SmallLender, name: str = "f") -> Row:
    return lender.decide()[name]
