"""Hand out what a committed night left for people: the review queue and the drafts of its letters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
from prefect import task
from prefect.cache_policies import NO_CACHE

from ledger import Batch, standing_ledger
from linewatch.errors import DataRefused
from linewatch.night import Night
from linewatch.room import whole
from sql.engine import halved
from tasks.export.glance import at_a_glance
from tasks.export.queue import AT_ONCE, FOR_OTHERS, READY, OpenQueue, Row, check, open_queue
from tasks.export.text import write_csv, write_list
from tasks.export.workbook import write_workbook

FORMATS = ("xlsx", "csv", "parquet")
CASES_IN_A_WORKBOOK = 20_000
"""More than any team decides in a day, in a file that opens at once; CSV and Parquet have all cases."""
ROWS_OF_A_SHEET = 1_048_576
NAME_MOST = 40
"""Characters of a person's name in the name of a file."""
LETTER = [
    "draft_id", "facility_id", "borrower_id", "kind", "language", "effective_on", "deadline_on", "subject",
    "body", "reason_codes",
]  # fmt: skip
"""What is handed out of a draft, for whoever sends it."""
Outbox = Callable[[Path, Batch], Path]
"""Leaves a committed batch's letters for a mailer, before drafts.jsonl: where that lies, both do."""
LISTS = ("left", "repairs")
"""What a reversal leaves for people to do: lines that it left, and what must be repeated elsewhere."""


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
    outbox: Path | None = None
    queue: tuple[Row, ...] = ()
    """A row a team with open cases: counts, ages and the ids of its first cases."""


@dataclass(frozen=True)
class Queue:
    """A queue as it was written: `lines` rows of `cases` cases, the first of `open_cases` to be looked at."""

    path: Path
    as_of: date
    cases: int
    lines: int
    open_cases: int
    ready: int
    """Open cases that are left out: decided, they wait for the next settlement."""
    for_others: int
    """Those left out because whoever asked cannot decide them."""


@dataclass(frozen=True)
class Shown:
    """The first rows of a queue, and how many cases it leaves out."""

    as_of: date
    rows: list[Row]
    ready: int
    for_others: int


@task(name="export", task_run_name="export {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def export(night: Night, outbox: Outbox | None = None) -> Exported:
    """Leave queue.xlsx, queue.csv and drafts.jsonl in out/<as_of>, from the committed batch and where the
    cases of the record stand; with `outbox` what it leaves, too.
    """
    with halved(night.scratch):
        return export_night(night.home, night.as_of, outbox)


def export_night(home: Path, as_of: date, outbox: Outbox | None = None) -> Exported:
    with open_queue(home, as_of) as queue:
        queue.take()
        xlsx, csv = (_write(home, queue, name, ("queue",), None) for name in ("xlsx", "csv"))
        glance = at_a_glance(queue)
    batch = _told(home, as_of)
    left = outbox(home, batch) if outbox is not None else None
    drafts, letters = _export_drafts(home, batch)
    return Exported(
        queue_xlsx=xlsx.path,
        queue_csv=csv.path,
        drafts=drafts,
        lines=csv.lines,
        letters=letters,
        notes=tuple(_left_out(xlsx)),
        outbox=left,
        queue=tuple(glance),
    )


def _left_out(queue: Queue) -> Iterator[str]:
    if queue.cases < queue.open_cases:
        yield (
            f"{queue.path.name} has the first {queue.cases:,} of {queue.open_cases:,} open cases;"
            " queue.csv has all"
        )
    if queue.ready:
        yield f"{queue.ready:,} decided cases are in no queue: the next settlement takes them in"


def export_queue(
    home: Path,
    as_of: date | None = None,
    format: str = "xlsx",
    team: str | None = None,
    limit: int | None = None,
    by: str | None = None,
) -> Queue:
    """Write the review queue of a committed night (None: the newest) under out/, its first `limit` cases.

    A workbook has the first 20,000 unless `limit` says otherwise. The queue holds the cases that the night
    opened or joined and those still open from before, but for those that are decided; with `by` also but for
    those that this person cannot decide. Raises NotFound for a night that is not committed, a team or a
    format that is not known, DataRefused for a workbook of more lines than a sheet has rows, and for a person
    who may not work on cases.
    """
    check("format", format, FORMATS)
    parts = [
        "queue",
        team,
        f"for-{_in_a_name(by)}" if by else None,
        str(limit) if limit is not None else None,
    ]
    with open_queue(home, as_of, team, by) as queue:
        queue.take(_most(format, limit))
        return _write(home, queue, format, [part for part in parts if part], limit)


def _in_a_name(by: str) -> str:
    """A person in the name of a file: as they are called, or a hash where that is no name for a file."""
    name = by.strip()
    plain = len(name) <= NAME_MOST and name.replace("-", "").replace("_", "").isalnum()
    return name if plain else sha256(name.encode()).hexdigest()[:12]


def _most(format: str, limit: int | None) -> int | None:
    return CASES_IN_A_WORKBOOK if format == "xlsx" and limit is None else limit


def _write(home: Path, queue: OpenQueue, format: str, parts: Sequence[str], limit: int | None) -> Queue:
    """Write the first cases of those that were taken."""
    as_of = queue.batch.as_of
    path = home / "out" / as_of.isoformat() / f"{'-'.join(parts)}.{format}"
    path.parent.mkdir(parents=True, exist_ok=True)
    most = _fitting(queue, limit) if format == "xlsx" else limit
    with whole(path) as half:
        if format == "parquet":
            lines = queue.db.write("reviews/queue", half, most=most)
        elif format == "csv":
            lines = write_csv(half, queue.rows(most))
        else:
            kinds = {row["kind"]: row["lines"] for row in queue.db.rows("reviews/kinds_shown", most=most)}
            lines = write_workbook(half, queue.rows(most), kinds, as_of=as_of, words=queue.words)
    cases = queue.cases if most is None else min(most, queue.cases)
    return Queue(path, as_of, cases, lines, queue.cases, queue.left(READY), queue.left(FOR_OTHERS))


def _fitting(queue: OpenQueue, limit: int | None) -> int:
    """How many cases a workbook has: as many as fit. Raises DataRefused where more are asked for."""
    fit = int(queue.db.rows("reviews/fitting_cases", rows=ROWS_OF_A_SHEET - 1)[0]["cases"])
    if limit is not None and min(limit, queue.cases) > fit:
        raise DataRefused(
            f"A sheet has room for the lines of {fit:,} cases, not of {limit:,}.",
            what_now=f"Give --limit {fit}, or write --format csv.",
        )
    return min(_most("xlsx", limit) or fit, fit)


def queue_rows(
    home: Path,
    as_of: date | None = None,
    team: str | None = None,
    limit: int | None = None,
    by: str | None = None,
) -> Shown:
    """The rows of a night's queue as a reviewer reads them; no file of it is written.

    Raises as export_queue.
    """
    with open_queue(home, as_of, team, by) as queue:
        queue.take(limit)
        rows = list(queue.rows(limit))
        return Shown(queue.batch.as_of, rows, queue.left(READY), queue.left(FOR_OTHERS))


def case_rows(home: Path, case_id: str) -> list[Row]:
    """The rows of one case of the newest queue, none where it is not in it."""
    with open_queue(home) as queue:
        queue.take(only=case_id)
        return list(queue.rows())


def export_drafts(home: Path, as_of: date) -> tuple[Path, int]:
    """Write the committed drafts as JSON lines, one a letter; return where, and how many. Nothing is sent."""
    return _export_drafts(home, _told(home, as_of))


def _told(home: Path, as_of: date) -> Batch:
    """The committed night whose letters are handed out. Raises NotFound, also where they were pruned."""
    ledger = standing_ledger(home)
    batch = ledger.standing(as_of, held_too=False)
    ledger.check_there(batch, "drafts")
    return batch


def _export_drafts(home: Path, batch: Batch) -> tuple[Path, int]:
    path = batch.out(home) / "drafts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, _write_letters(batch.path(home, "drafts"), path)


def export_batch(home: Path, name: str, outbox: Outbox | None = None) -> dict[str, Path]:
    """Write what people need of a batch that is not a night's into its folder under out/."""
    batch = next(each for each in standing_ledger(home).batches(state="committed") if each.batch == name)
    folder = batch.out(home)
    folder.mkdir(parents=True, exist_ok=True)
    made = {"outbox": outbox(home, batch)} if outbox is not None else {}
    made["drafts"] = folder / "drafts.jsonl"
    _write_letters(batch.path(home, "drafts"), made["drafts"])
    for each in LISTS:
        path = batch.path(home, each)
        if path is not None:
            made[each] = folder / f"{each}.csv"
            write_list(made[each], pq.read_table(path))
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
