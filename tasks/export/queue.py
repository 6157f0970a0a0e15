"""The review queue of a night: its cases in order, where each stands, and its rows as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision

from ledger import Batch, Ledger, OpenCase, standing_ledger
from linewatch.case import KINDS, MEANWHILE, TEAMS, fingerprint
from linewatch.casework import Casework, Stage, may_answer
from linewatch.errors import DataRefused, NotFound
from linewatch.money import major
from linewatch.people import register_of
from linewatch.queue_columns import COLUMNS
from linewatch.recorded import Recorded, recorded
from sql.engine import Cursor
from sql.passing import passing
from sql.reviews import first_keys, in_order

AT_ONCE = 10_000
"""Lines of a queue held in memory at once."""
READY, FOR_OTHERS = "ready", "for_others"
"""Why an open case is left out: it is decided, and the next settlement takes it in; or whoever asks cannot
decide it, for somebody else has claimed it or they are to be looked after themselves.
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class OpenQueue:
    """A database with the cases of a queue in order, and the decisions of its night."""

    db: Cursor
    batch: Batch
    ledger: Ledger
    words: Recorded
    cases: int
    """For somebody to look at."""
    left_out: Mapping[str, Mapping[str, int]]
    """Open cases that are not among these: why, then how many of each kind."""

    def take(self, most: int | None = None, *, only: str | None = None) -> None:
        """Look up what the first so many cases hold (None: all), or `only` one; before `rows` is called."""
        self.db.create("schema/carried_case")
        keys = iter([only] if only else first_keys(self.db, most))
        while some := list(islice(keys, AT_ONCE)):
            self.db.append("carried_case", [_carried(case) for case in self.ledger.cases.named(some)])
        self.db.build("reviews/shown_case", most=most, only=only)

    def rows(self, most: int | None = None) -> Iterator[Row]:
        """The rows of the first so many of the cases looked up, as a reviewer reads them, in order."""
        for part in self.db.batches("reviews/queue", size=AT_ONCE, most=most):
            for row in part.to_pylist():
                yield shown(row, self.batch, self.words)

    def left(self, why: str) -> int:
        return sum(self.left_out.get(why, {}).values())


@contextmanager
def open_queue(
    home: Path, as_of: date | None = None, team: str | None = None, by: str | None = None
) -> Iterator[OpenQueue]:
    """The queue of a committed night (None: the newest), of one team or all, for one person or all.

    It holds the cases that the night opened or joined and those still open from before, as they stand now.
    Raises NotFound for a night that is not committed and a team that is not known, DataRefused for a person
    who may not work on cases.
    """
    check("team", team, TEAMS)
    ledger = standing_ledger(home)
    batch = ledger.standing(as_of, held_too=False)
    if by is not None:
        _check_reader(ledger, by)
    kinds = [name for name, kind in KINDS.items() if team in (None, kind.team)]
    with passing(home) as engine, engine.cursor() as db:
        db.parquet("decisions", [ledger.file(batch, "decisions")])
        if "after_cut" in batch.files:
            db.parquet("after_cut", [ledger.file(batch, "after_cut")])
        else:
            db.create("schema/after_cut")
        lined_up = (case.as_row(_left_out(case.work, by)) for case in ledger.cases.lined_up(batch.as_of))
        cases = in_order(db, ledger.file(batch, "cases"), lined_up, kinds)
        left_out: dict[str, dict[str, int]] = {}
        for row in db.rows("reviews/left_out", kinds=kinds):
            left_out.setdefault(row["left_out"], {})[row["kind"]] = row["cases"]
        words = recorded(ledger.document(sha256) for sha256 in batch.documents)
        yield OpenQueue(db, batch, ledger, words, cases, left_out)


def check(what: str, given: str | None, known: Sequence[str]) -> None:
    if given is not None and given not in known:
        raise NotFound(f"There is no {what} {given!r}.", what_now=f"Name one of: {', '.join(known)}.")


def _check_reader(ledger: Ledger, by: str) -> None:
    if not by.strip():
        raise DataRefused(
            "--for must say something: whose queue it is.", what_now="Leave it out for the whole queue."
        )
    newest = ledger.newest()
    profile = ledger.document_of(newest, "profile") if newest is not None else None
    register_of(profile).check_reviewer(by)


def _left_out(work: Casework, by: str | None) -> str:
    if work.stage is Stage.READY:
        return READY
    return FOR_OTHERS if by is not None and not may_answer(work, by) else ""


def _carried(case: OpenCase) -> Row:
    """What is shown of a case as refer wrote it on its night."""
    content: Mapping[str, Any] = case.content
    return {
        "case_id": case.case_id,
        "facility_ids": content.get("facility_ids", [case.facility_id]),
        "triggers": content.get("triggers", []),
        "utilisation_months_bp": content.get("utilisation_months_bp"),
    }


def shown(row: Row, batch: Batch, words: Recorded) -> Row:
    """A row of reviews/queue as a reviewer reads it: amounts in the currency's own units, codes in words."""
    places = get_currency_precision(row["currency"]) if row["currency"] else 2
    limit, proposed = row["limit_cents"], row["proposed_limit_cents"]
    # A case joins the triggers of all its lines; what is asked of this one may be less. That a case is open
    # says nothing of why it was opened.
    own = row["line_triggers"] or []
    triggers = own if any(code != "case_open" for code in own) else row["triggers"]
    meanwhile = MEANWHILE if row["review_block"] else ()
    return {
        **{name: row[name] for name in _AS_THEY_ARE},
        "holder": row["holder"] or None,
        "triggers": triggers,
        "why": [
            *(words.words("trigger", code, "en") for code in triggers),
            *meanwhile[1:],
            *(words.words("trigger", code, "zh") for code in triggers),
            *meanwhile[:1],
        ],
        "reasons": [words.words("reason", code, "en") for code in row["reasons"] or []]
        + [words.words("reason", code, "zh") for code in row["reasons"] or []],
        "limit": _major(limit, places),
        "owed": _major(row["owed_cents"], places),
        "temporary": _major(row["temporary_cents"] or None, places),
        "proposed_limit": _major(proposed, places),
        "law_limit": _major(row["law_limit_cents"], places),
        "offer": _major(row["offered_limit_cents"], places),
        "customer_limit": _major(row["customer_limit_cents"], places),
        "change": _major(None if limit is None else proposed - limit, places),
        "score": _major(row["score"], 2),
        "pd": _major(row["pd_bp"], 4),
        "utilisation": _major(row["utilisation_bp"], 4),
        "utilisation_after_cut": _major(row["utilisation_after_cut_bp"], 4),
        "grade_after_cut": row["grade_after_cut"],
        "months": row["utilisation_months_bp"],
        "fingerprint": fingerprint(batch.batch, row["case_id"], row["facility_id"], limit, proposed),
        **dict.fromkeys(_ANSWERS),
    }


def plain(row: Row) -> Row:
    """A row of the queue as JSON holds it: amounts and days as text, and no cells for answers."""
    return {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in row.items()
        if name not in _ANSWERS
    }


_ANSWERS = tuple(column.name for column in COLUMNS if column.answer)
_AS_THEY_ARE = (
    "priority case_id facility_id borrower_id kind stage opened_on due_on segment currency grade"
    " days_past_due action recommendation binding_step slot offer_until expected_on rules"
).split()


def _major(value: int | None, places: int) -> Any:
    return None if value is None else major(value, places)
