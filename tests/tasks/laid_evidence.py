"""A lender whose nights referred a line of each of three borrowers, and files to lay beside their cases."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ledger import open_ledger
from linewatch.documents import Source
from linewatch.evidence import FOLDER
from tasks.checkpoint import sign_standing
from tasks.evidence import Added, add
from tasks.sweep import sweep
from tasks.verify_log import verify_home
from tests.ledger.small_lender import Wish, a_night, papers, run, write_source
from tests.tasks.kept_nights import PACKS

FIRST = date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2031, 1, 1, 9, tzinfo=UTC)
"""When no record of law keeps what was decided then."""
LINES = ("F0", "F2", "F4")
PHOTOGRAPH = b"\xff\xd8 a photograph \xff\xd9"


def lender(
    place: Path, more: str = "", packs: Sequence[str] = (), nights: Sequence[Sequence[str]] = (LINES,)
) -> Path:
    """The home of nights that refer these lines, under the shipped profile with more text and these packs."""
    given = papers()
    *others, profile = given.sources
    sources = [*others, _source("profile", "lender", profile.text + more)]
    sources += [
        _source("regulation", name, (PACKS / f"2000-01-01-{name}.toml").read_text("utf-8")) for name in packs
    ]
    given = replace(given, sources=tuple(sources))
    home = place / "home"
    for number, lines in enumerate(nights):
        source = write_source(place / f"source-{number}", {line: Wish(100, 90, "person") for line in lines})
        run(a_night(home, source, FIRST + timedelta(days=number), AT, given))
    return home


def _source(kind: str, name: str, text: str) -> Source:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Source(kind, name, "1", date(2026, 1, 1), sha256, text, Path("x.toml"))


def case_of(home: Path, borrower: str) -> str:
    """The open case of a borrower."""
    (found,) = [case.case_id for case in open_ledger(home).cases.open() if case.borrower_id == borrower]
    return found


def lay(home: Path, case: str, file: Path, item: str = "", by: str = "wu", because: str = "") -> Added:
    return add(home, case, file, by=by, item=item, because=because, recorded_at=AT)


def a_file(place: Path, name: str = "photograph.jpg", content: bytes = PHOTOGRAPH) -> Path:
    path = place / name
    path.write_bytes(content)
    return path


def files(home: Path) -> list[str]:
    """What lies in the folder of evidence, by path under the home: files, and folders that are empty."""
    found = sorted((home / FOLDER).rglob("*"))
    return [
        path.relative_to(home).as_posix() for path in found if not path.is_dir() or not any(path.iterdir())
    ]


def named(home: Path) -> list[str]:
    """What the record names of it."""
    return sorted({each.evidence.path for each in open_ledger(home).cases.laid()})


def swept(home: Path) -> tuple[str, ...]:
    """What the start of the next night finds."""
    return sweep(a_night(home, home, FIRST + timedelta(days=9), AT, papers())).notes


def faults(home: Path) -> list[str]:
    """What the checker of the record finds, once all is signed."""
    sign_standing(home, LATER)
    report = verify_home(home, (), (), lambda line: None)
    return [f"{fault.where}: {fault.what}" for fault in report.faults]
