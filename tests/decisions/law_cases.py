"""Lines under records of law that a test makes up: one country, one pack, and what the profile says."""

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


def documents_under(*records: Record, as_of: date = AS_OF, **profile: Any) -> Documents:
    """The shipped documents with these records alone as the law of China."""
    documents = load_documents(as_of)
    pack = Pack(id="cn", version="1", effective_from=date(2000, 1, 1), record=records)
    return replace(
        documents,
        packs={**documents.packs, "cn": pack},
        profile=documents.profile.model_copy(update=profile),
    )


def lender_under(*records: Record, as_of: date = AS_OF, **profile: Any) -> SmallLender:
    return SmallLender(as_of=as_of, documents=documents_under(*records, as_of=as_of, **profile))


def rising(lender: SmallLender, name: str, borrower: Row | None = None, **line: Any) -> None:
    """A borrower so good that the line `name` would rise."""
    lender.borrower(name, pd_bp=50, **(borrower or {}))
    lender.line(name, name, **line)


def decide(lender: SmallLender, name: str = "f") -> Row:
    return lender.decide()[name]
