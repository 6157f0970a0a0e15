"""Find all that a home holds of one borrower, file by file and table by table."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from ledger import Ledger, held_of
from linewatch.spreadsheet import ways_written
from linewatch.whereabouts import EVIDENCE, Place, placed
from sources import snapshot
from sql import access
from sql.engine import Cursor
from sql.passing import passing

Row = dict[str, Any]
FOLDERS = ("snapshots", "batches", "out")
LEDGER = "the ledger"
"""Where a row of the record lies: in ledger.db of the home, or in a database that several machines share."""
SAY_LINES = ("facility", "decisions")
"""The files that say whose a line is."""


@dataclass(frozen=True)
class Part:
    """The rows of one kind of file, or of one table of the record."""

    kind: str
    name: str
    of_others: bool
    """Rows of other borrowers, which name this one."""
    rows: Mapping[str, tuple[Row, tuple[str, ...]]]
    """Each different row once, with every path under the home where it lies; by the row's own text."""


@dataclass(frozen=True)
class Gathered:
    """All that was found."""

    lines: tuple[str, ...]
    parts: tuple[Part, ...]
    unreadable: tuple[str, ...]
    """Paths of files that could not be read."""
    handed_out: tuple[str, ...]
    """Paths of what was exported of the borrower before."""
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By day, lines of the borrower that were another's then."""

    def lines_on(self, path: str) -> frozenset[str]:
        """The borrower's lines on the day of a path under the home: not those that were another's then."""
        return frozenset(self.lines) - self.taken.get(_day(path), frozenset())

    @property
    def always(self) -> frozenset[str]:
        """The lines that were nobody else's on any day."""
        return frozenset(self.lines).difference(*self.taken.values())

    @property
    def paths(self) -> set[str]:
        """Where rows of the borrower lie, or of others that name them."""
        return {path for part in self.parts for _, paths in part.rows.values() for path in paths}

    @property
    def own_paths(self) -> set[str]:
        own = (part for part in self.parts if not part.of_others)
        return {path for part in own for _, paths in part.rows.values() for path in paths}


@dataclass
class _Finding:
    """A search under way."""

    home: Path
    borrower_id: str
    db: Cursor
    lines: set[str] = field(default_factory=set)
    taken: dict[str, set[str]] = field(default_factory=dict)
    """By day, lines of the borrower that were another's then."""
    found: dict[tuple[str, str, bool], dict[str, tuple[Row, tuple[str, ...]]]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def add(self, place: Place, rows: Iterable[Row], paths: tuple[str, ...], *, of_others: bool) -> None:
        part = self.found.setdefault((place.kind, place.name, of_others), {})
        for row in rows:
            text = json.dumps(row, default=str, ensure_ascii=False, sort_keys=True)
            _, before = part.get(text, (row, ()))
            part[text] = (row, (*before, *paths))

    def look(self, files: list[tuple[Place, tuple[str, ...]]]) -> None:
        """Learn the lines from every file that says whose they are, then which were another's, and when."""
        saying = [(place, paths) for place, paths in files if place.name in SAY_LINES]
        self._seek(())
        for _, paths in saying:
            with self._told(paths):
                self.lines |= set(access.lines_of(self.db, self.home / paths[0]))
        self._seek(self.lines)
        for _, paths in saying:
            with self._told(paths):
                taken = access.taken_lines_of(self.db, self.home / paths[0])
                for path in paths:
                    self.taken.setdefault(_day(path), set()).update(taken)

    def search(self, place: Place, paths: tuple[str, ...]) -> None:
        """The borrower's own rows of a file, and others' that name them."""
        path = self.home / paths[0]
        self._seek(self.lines_on(paths[0]))
        with self._told(paths):
            self.add(place, self._own(place, path), paths, of_others=False)
            for column in place.naming:
                self.add(place, access.rows_naming(self.db, path, column), paths, of_others=True)

    def apart(self, files: list[tuple[Place, tuple[str, ...]]]) -> Iterator[tuple[Place, tuple[str, ...]]]:
        """The same files, with the paths of days on which other lines were the borrower's by themselves."""
        for place, paths in files:
            by_lines: dict[frozenset[str], list[str]] = {}
            for path in paths:
                by_lines.setdefault(frozenset(self.lines_on(path)), []).append(path)
            yield from ((place, tuple(some)) for some in by_lines.values())

    def prove(self, files: list[tuple[Place, tuple[str, ...]]]) -> None:
        """The proofs of the changes that were found; a page names the change alone, and shows amounts."""
        changes = {
            row.get("change_id")
            for (_, name, _), rows in self.found.items()
            if name in ("changes", "limit_changes")
            for row, _ in rows.values()
        }
        for place, paths in files:
            of = Path(paths[0]).stem.removeprefix("proof-")
            if of in changes:
                self.add(place, [{"change_id": of}], paths, of_others=False)

    def lines_on(self, path: str) -> set[str]:
        """The borrower's lines on the day of a path: not those that were another's then."""
        return self.lines - self.taken.get(_day(path), set())

    def _seek(self, lines: Iterable[str]) -> None:
        written = [way for key in lines for way in ways_written(key)]
        access.seek(self.db, ways_written(self.borrower_id), written)

    def _own(self, place: Place, path: Path) -> Iterable[Row]:
        if path.suffix == ".jsonl":
            return _letters(path, self.borrower_id)
        if path.suffix == ".xlsx":
            return _cells(path, {self.borrower_id, *self.lines_on(path.relative_to(self.home).as_posix())})
        return access.rows_of(self.db, path, str(place.by))

    def _told(self, paths: tuple[str, ...]) -> _Told:
        return _Told(self.unreadable, paths)


class _Told:
    """Notes a file that cannot be read, and goes on: the rest is owed all the same."""

    def __init__(self, unreadable: list[str], paths: tuple[str, ...]) -> None:
        self.unreadable, self.paths = unreadable, paths

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if isinstance(error, access.Unreadable | OSError | ValueError | KeyError):
            self.unreadable += [path for path in self.paths if path not in self.unreadable]
            return True
        return False


def gather(ledger: Ledger, borrower_id: str) -> Gathered:
    """All of a borrower: their rows, rows of others that name them, rows of the record."""
    home = ledger.home
    known = placed(_paths(home))
    handed_out = tuple(sorted(path for path in known if path.startswith(f"{folder_of(borrower_id)}/")))
    with passing(home) as engine, engine.cursor() as db:
        finding = _Finding(home, borrower_id, db)
        files = _distinct(home, {path: place for path, place in known.items() if place.by != "text"})
        finding.look(files)
        files = list(finding.apart(files))
        always = _always(finding)
        record = held_of(ledger, borrower_id, always)
        for place, paths in files:
            if place.by == "change":
                continue
            if not paths[0].endswith(".xlsx") or "review_case" in record:  # a workbook takes seconds to read
                finding.search(place, paths)
        finding.prove([(place, paths) for place, paths in files if place.by == "change"])
    for name, rows in record.items():
        finding.add(Place("record", name, (), None), rows, (LEDGER,), of_others=False)
    for each in ledger.cases.laid(own_cases(record.get("review_case", ()), borrower_id, always)):
        row = {"case_id": each.case_id, **each.evidence.told(), "recorded_at": each.recorded_at}
        finding.add(EVIDENCE, [row], (each.evidence.path,), of_others=False)
    parts = [Part(*key, rows) for key, rows in sorted(finding.found.items()) if rows]
    taken = {day: frozenset(lines) for day, lines in finding.taken.items() if lines}
    return Gathered(tuple(sorted(finding.lines)), tuple(parts), tuple(finding.unreadable), handed_out, taken)


def _always(finding: _Finding) -> frozenset[str]:
    """The lines that were nobody else's on any day."""
    return frozenset(finding.lines).difference(*finding.taken.values())


def own_cases(cases: Iterable[Mapping[str, object]], borrower_id: str, always: Collection[str]) -> list[str]:
    """The cases of the borrower, of rows of the record; what is written in another's names them, and stays
    the other's. `always` are the lines that were nobody else's on any day.
    """
    own = (row for row in cases if row["borrower_id"] == borrower_id or row["facility_id"] in always)
    return sorted({str(row["case_id"]) for row in own})


def folder_of(borrower_id: str) -> str:
    """Where what is handed to a borrower lies under the home, by a hash: paths are told, keys are not."""
    return f"out/access/{sha256(borrower_id.encode()).hexdigest()[:16]}"


def _paths(home: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(home).as_posix()


def _distinct(home: Path, known: Mapping[str, Place]) -> list[tuple[Place, tuple[str, ...]]]:
    """Each file once, with every path it has: snapshots share their parts with those before."""
    hashes: dict[str, str] = {}
    for folder in sorted((home / "snapshots").glob("*")):
        if (taken := snapshot.look(folder)) is not None:
            hashes |= {
                f"snapshots/{folder.name}/{name}": str(part["sha256"]) for name, part in taken.files.items()
            }
    by_content: dict[tuple[str, str], list[str]] = {}
    for path, place in known.items():
        stat = os.stat(home / path)
        same = hashes.get(path) or f"{stat.st_dev}-{stat.st_ino}"
        by_content.setdefault((place.name, same), []).append(path)
    return [(known[paths[0]], tuple(paths)) for paths in by_content.values()]


def _day(path: str) -> str:
    """The night of a path: the folders of snapshots, batches and out/ begin with its day."""
    return path.split("/")[1][:10]


def _letters(path: Path, borrower_id: str) -> Iterator[Row]:
    """The lines of a file of JSON lines that are of the borrower; most are passed over without being read."""
    key = json.dumps(borrower_id, ensure_ascii=False)
    with path.open(encoding="utf-8") as file:
        for line in file:
            if key in line and (row := json.loads(line)).get("borrower_id") == borrower_id:
                row.pop("html", None)  # the words of `text` once more, laid out
                yield row


def _cells(path: Path, keys: set[str]) -> Iterator[Row]:
    """The rows of a workbook in which a cell is one of the keys, under the headings of their sheet."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # of pictures in cells
        yield from _sheets(path, keys)


def _sheets(path: Path, keys: set[str]) -> Iterator[Row]:
    book = load_workbook(path, read_only=True)
    try:
        for sheet in book:
            rows = sheet.iter_rows(values_only=True)
            head = [str(name or "").partition("\n")[0] for name in next(rows, ())]
            for cells in rows:
                row = [unescape(cell) if isinstance(cell, str) else cell for cell in cells]
                if any(isinstance(cell, str) and cell in keys for cell in row):
                    yield {name: cell for name, cell in zip(head, row, strict=False) if cell is not None}
    finally:
        book.close()
