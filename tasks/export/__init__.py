"""Hand out what a committed night left for people: the review queue and the drafts of its letters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.csv as csv
import pyarrow.parquet as pq
from babel.numbers import get_currency_precision
from prefect import task
from prefect.cache_policies import NO_CACHE

from ledger import Batch, Ledger, OpenCase, standing_ledger
from linewatch.case import KINDS, TEAMS, fingerprint
from linewatch.errors import DataRefused, NotFound
from linewatch.money import major
from linewatch.night import Night
from linewatch.queue_columns import COLUMNS
from linewatch.recorded import Recorded, recorded
from linewatch.room import whole
from sql.engine import Cursor, halved
from sql.passing import passing
from tasks.export.text import write_csv
from tasks.export.workbook import write_workbook

FORMATS = ("xlsx", "csv", "parquet")
AT_ONCE = 10_000
"""Lines of a queue held in memory at once."""
CASES_IN_A_WORKBOOK = 20_000
"""More than any team decides in a day, in a file that opens at once; CSV and Parquet have all cases."""
ROWS_OF_A_SHEET = 1_048_576
LETTER = [
    "draft_id", "facility_id", "borrower_id", "kind", "language", "effective_on", "deadline_on", "subject",
    "body", "reason_codes",
]  # fmt: skip
"""What is handed out of a draft, for whoever sends it."""
LISTS = ("left", "repairs")
"""What a reversal leaves for people to do: lines that it left, and what must be repeated elsewhere."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Exported:
    """Where the night's files for people lie, and how many lines and letters stand in them: of the lines all,
    though the workbook may have only the first cases.
    """

    queue_xlsx: Path
    queue_csv: Path
    drafts: Path
    lines: int
    letters: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Queue:
    """A queue as it was written: `lines` rows of `cases` open cases, the first of `open_cases`."""

    path: Path
    as_of: date
    cases: int
    lines: int
    open_cases: int


@task(name="export", task_run_name="export {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def export(night: Night) -> Exported:
    """Leave queue.xlsx, queue.csv and drafts.jsonl in out/<as_of>, from the committed batch alone."""
    with halved(night.scratch):
        return export_night(night.home, night.as_of)


def export_night(home: Path, as_of: date) -> Exported:
    queues = {name: export_queue(home, as_of, name) for name in ("xlsx", "csv")}
    drafts, letters = export_drafts(home, as_of)
    return Exported(
        queue_xlsx=queues["xlsx"].path,
        queue_csv=queues["csv"].path,
        drafts=drafts,
        lines=queues["csv"].lines,
        letters=letters,
        notes=tuple(_left_out(queues["xlsx"])),
    )


def _left_out(queue: Queue) -> Iterator[str]:
    if queue.cases < queue.open_cases:
        yield (
            f"{queue.path.name} has the first {queue.cases:,} of {queue.open_cases:,} open cases;"
            " queue.csv has all"
        )


def export_queue(
    home: Path,
    as_of: date | None = None,
    format: str = "xlsx",
    team: str | None = None,
    limit: int | None = None,
) -> Queue:
    """Write the review queue of a committed night (None: the newest) under out/, its first `limit` cases.

    A workbook has the first 20,000 unless `limit` says otherwise. The queue holds what is open now of the
    cases that the night opened or joined and of those from before. Raises NotFound for a night that is not
    committed, a team or a format that is not known, DataRefused for a workbook of more lines than a sheet
    has rows.
    """
    _check("format", format, FORMATS)
    parts = [part for part in (team, str(limit) if limit is not None else None) if part]
    with _open_queue(home, as_of, team) as (db, batch, words):
        path = home / "out" / batch.as_of.isoformat() / f"{'-'.join(['queue', *parts])}.{format}"
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = db.count("open_now")
        most = _cases_in_a_workbook(db, limit) if format == "xlsx" else limit
        with whole(path) as half:
            if format == "parquet":
                lines = db.write("reviews/queue", half, most=most)
            elif format == "csv":
                lines = write_csv(half, _all_shown(db, batch, words, most))
            else:
                shown = list(_all_shown(db, batch, words, most))
                lines = len(shown)
                write_workbook(half, shown, as_of=batch.as_of, words=words)
    return Queue(path, batch.as_of, waiting if most is None else min(most, waiting), lines, waiting)


def _cases_in_a_workbook(db: Cursor, limit: int | None) -> int:
    """How many cases a workbook has: as many as fit. Raises DataRefused where more are asked for."""
    fit = int(db.rows("reviews/fitting_cases", rows=ROWS_OF_A_SHEET - 1)[0]["cases"])
    if limit is not None and min(limit, db.count("open_now")) > fit:
        raise DataRefused(
            f"A sheet has room for the lines of {fit:,} cases, not of {limit:,}.",
            what_now=f"Give --limit {fit}, or write --format csv.",
        )
    return min(CASES_IN_A_WORKBOOK if limit is None else limit, fit)


def _all_shown(db: Cursor, batch: Batch, words: Recorded, most: int | None) -> Iterator[Row]:
    for part in db.batches("reviews/queue", size=AT_ONCE, most=most):
        for row in part.to_pylist():
            yield _shown(row, batch, words)


def queue_rows(
    home: Path, as_of: date | None = None, team: str | None = None, limit: int | None = None
) -> tuple[date, list[Row]]:
    """The night, and the rows of its queue as a reviewer reads them; no file of it is written."""
    with _open_queue(home, as_of, team) as (db, batch, words):
        return batch.as_of, list(_all_shown(db, batch, words, limit))


@contextmanager
def _open_queue(home: Path, as_of: date | None, team: str | None) -> Iterator[tuple[Cursor, Batch, Recorded]]:
    """A database with `open_now` and the decisions of a committed night, and the night's documents."""
    _check("team", team, TEAMS)
    ledger = standing_ledger(home)
    batch = ledger.standing(as_of, held_too=False)
    with passing(home) as engine, engine.cursor() as db:
        _load(db, ledger, batch)
        kinds = [name for name, kind in KINDS.items() if team in (None, kind.team)]
        db.build("reviews/open_now", kinds=kinds)
        yield db, batch, recorded(ledger.document(sha256) for sha256 in batch.documents)


def export_drafts(home: Path, as_of: date) -> tuple[Path, int]:
    """Write the committed drafts as JSON lines, one a letter; return where, and how many. Nothing is sent."""
    ledger = standing_ledger(home)
    batch = ledger.standing(as_of, held_too=False)
    ledger.check_there(batch, "drafts")
    path = batch.out(home) / "drafts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, _write_letters(batch.path(home, "drafts"), path)


def export_batch(home: Path, name: str) -> dict[str, Path]:
    """Write what people need of a batch that is not a night's into its folder under out/."""
    batch = next(each for each in standing_ledger(home).batches(state="committed") if each.batch == name)
    folder = batch.out(home)
    folder.mkdir(parents=True, exist_ok=True)
    made = {"drafts": folder / "drafts.jsonl"}
    _write_letters(batch.path(home, "drafts"), made["drafts"])
    for each in LISTS:
        path = batch.path(home, each)
        if path is not None:
            made[each] = folder / f"{each}.csv"
            csv.write_csv(pq.read_table(path), made[each])
    return made


def _write_letters(drafts: Path | None, path: Path) -> int:
    """The letters of a file in its order, which is that of the lines; return how many."""
    letters = 0
    with ExitStack() as files:
        file = files.enter_context(files.enter_context(whole(path)).open("w", encoding="utf-8", newline="\n"))
        if drafts is not None:
            for part in files.enter_context(pq.ParquetFile(drafts)).iter_batches(AT_ONCE):
                for row in part.select(LETTER).to_pylist():
                    file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
                    letters += 1
    return letters


def _check(what: str, given: str | None, known: Sequence[str]) -> None:
    if given is not None and given not in known:
        raise NotFound(f"There is no {what} {given!r}.", what_now=f"Name one of: {', '.join(known)}.")


def _load(db: Cursor, ledger: Ledger, batch: Batch) -> None:
    """Leave `decisions` and `cases` over the batch's files, and `carried_case` from the ledger."""
    for name in ("decisions", "cases"):
        db.parquet(name, [ledger.file(batch, name)])
    db.create("schema/carried_case")
    waiting = (_carried(case) for case in ledger.cases.open() if case.opened_on <= batch.as_of)
    while some := list(islice(waiting, AT_ONCE)):
        db.append("carried_case", some)


def _carried(case: OpenCase) -> Row:
    """A case as refer wrote it on its night, with its day and kind as they stand."""
    content: Mapping[str, Any] = case.content
    return {
        "case_id": case.case_id,
        "borrower_id": case.borrower_id,
        "kind": content.get("kind", "desk_review"),
        "sent_on_as": case.sent_on_as or None,
        "opened_on": case.opened_on,
        "due_on": case.due_on,
        "facility_ids": content.get("facility_ids", [case.facility_id]),
        "triggers": content.get("triggers", []),
        "harm_cents": content.get("harm_cents"),
        "utilisation_months_bp": content.get("utilisation_months_bp"),
    }


def _shown(row: Row, batch: Batch, words: Recorded) -> Row:
    """A row of reviews/queue as a reviewer reads it: amounts in the currency's own units, codes in words."""
    places = get_currency_precision(row["currency"]) if row["currency"] else 2
    limit, proposed = row["limit_cents"], row["proposed_limit_cents"]
    # A case joins the triggers of all its lines; what is asked of this one may be less. That a case is open
    # says nothing of why it was opened.
    own = row["line_triggers"] or []
    triggers = own if any(code != "case_open" for code in own) else row["triggers"]
    return {
        **{name: row[name] for name in _AS_THEY_ARE},
        "triggers": triggers,
        "why": [words.words("trigger", code, "en") for code in triggers]
        + [words.words("trigger", code, "zh") for code in triggers],
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
        "months": row["utilisation_months_bp"],
        "fingerprint": fingerprint(batch.batch, row["case_id"], row["facility_id"], limit, proposed),
        "outcome": None,
        "new_limit": None,
        "outcome_reason": None,
        "note": None,
        "reviewer": None,
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
    "priority case_id facility_id borrower_id kind opened_on due_on segment currency grade"
    " days_past_due action recommendation binding_step slot offer_until expected_on rules"
).split()


def _major(value: int | None, places: int) -> Any:
    return None if value is None else major(value, places)
