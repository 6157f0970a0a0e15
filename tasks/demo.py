"""Write a generated lender: folders in the data contract, one a night, that `linewatch night` reads.

Where a borrower or a line stands is a closed form of seed, number and day, in SQL (sql/demo), so any
night can be written alone, and nights written one by one are those written together. With a home to feed
on, the limits and blocks that it published take the place of the lender's own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from linewatch.demo import FAULTS, fault_rows
from linewatch.errors import DataRefused
from linewatch.room import check_usable
from sql.contract import contract
from sql.engine import Cursor, Engine

Every = Literal["day", "month"]
REFERENCE_ON = date(2026, 11, 21)
"""The day on which the lender has exactly the borrowers asked for; a hundredth of them come each month."""
BOOKS_FROM = date(2025, 6, 1)
"""Nobody stops paying for good before this day: the demo's books open with everyone alive."""
LENDER_CHANGES_UNTIL = date(2026, 8, 31)
"""The lender's own limit changes end here; from then on Linewatch changes limits."""
FIRST_NIGHT, LAST_NIGHT = date(2019, 1, 1), date(2060, 12, 31)
MONTHS = 12
"""Closed months that every night shows at least. The first one shown moves every third month, so that rows
do not vanish from one night to the next like restated ones."""


@dataclass(frozen=True)
class DemoNight:
    """What was written for one night."""

    as_of: date
    folder: Path
    rows: Mapping[str, int]
    """Rows by contract table."""
    best_auc: int | None
    """AUC of the hidden factor, the best score there can be, in basis points; None where nobody defaults."""
    planted: Mapping[str, int] = field(default_factory=dict)
    """Planted bad rows by expectation; empty for a clean night."""


def write_demo(
    out: Path,
    *,
    borrowers: int,
    seed: int,
    nights: int = 1,
    every: Every = "month",
    last_as_of: date = REFERENCE_ON,
    dirty_share_ppm: int = 0,
    feedback: Path | None = None,
    threads: int | None = None,
    published: Callable[[Path], Sequence[Path]] | None = None,
) -> list[DemoNight]:
    """Leave `out`/<as_of>/<table>.parquet for each night, and `out`/outcome.parquet for the last one written.

    With `feedback` only the next night that this home has not committed is written, none if it has them all;
    `published` gives the changes files of a home's committed batches, by default from its ledger.
    Raises DataRefused for a size or a day that no lender can be made of, PlaceUnusable where nothing can be
    written.
    """
    _check(borrowers, nights, dirty_share_ppm)
    check_usable(out.absolute())
    wanted = night_dates(last_as_of, nights, every)
    changes: list[Path] = []
    if feedback is not None:
        changes = [path.resolve() for path in (published or committed_changes)(feedback)]
        done = max((_batch_as_of(path) for path in changes), default=date.min)
        wanted = [as_of for as_of in wanted if as_of > done][:1]
    if not wanted:
        return []
    out.mkdir(parents=True, exist_ok=True)
    with (
        # What memory does not hold is spilled: ten million borrowers must not need their size in memory.
        TemporaryDirectory(dir=out, prefix=".scratch-") as scratch,
        Engine(Path(scratch), threads=threads) as engine,
        engine.cursor() as db,
    ):
        people = {"seed": seed, "borrowers": borrowers, "last_number": _last_number(borrowers, wanted[-1])}
        _people(db, people, changes)
        return [_night(db, out, as_of, people, dirty_share_ppm) for as_of in wanted]


def night_dates(last: date, nights: int, every: Every) -> list[date]:
    """`nights` days ending with `last`: consecutive, or the same day of each month (or its last)."""
    if every == "day":
        dates = [last - timedelta(days=back) for back in reversed(range(nights))]
    else:
        dates = [_months_before(last, back) for back in reversed(range(nights))]
    if dates[0] < FIRST_NIGHT or dates[-1] > LAST_NIGHT:
        raise DataRefused(
            f"The nights asked for run from {dates[0]} to {dates[-1]}.",
            what_now=f"The generated lender lives from {FIRST_NIGHT} to {LAST_NIGHT}: ask for those.",
        )
    return dates


def committed_changes(home: Path) -> list[Path]:
    """The changes file of every batch that the home has committed, in order of commit."""
    if not home.exists():
        return []
    from ledger import open_ledger

    committed = open_ledger(home.absolute()).batches(state="committed")
    return [path for batch in committed if (path := batch.path(home.absolute(), "changes")) is not None]


def _check(borrowers: int, nights: int, dirty_share_ppm: int) -> None:
    if borrowers < 1 or nights < 1:
        raise DataRefused("A lender needs at least one borrower and one night.")
    if not 0 <= dirty_share_ppm <= 100_000:
        raise DataRefused(
            "The share of bad rows must lie between 0 and 0.1.", what_now="Give it as in --dirty 0.001."
        )


def _last_number(borrowers: int, as_of: date) -> int:
    """A number that no borrower of the night is above."""
    return borrowers + max(0, (as_of - REFERENCE_ON).days) * borrowers // 3000 + 1


def _people(db: Cursor, people: Mapping[str, Any], changes: list[Path]) -> None:
    """Leave what is the same on every night: persons, their lines, and what was published of them."""
    if changes:
        db.parquet("published_change", changes)
    else:
        db.create("demo/published_change")
    fixed = {
        "reference_on": REFERENCE_ON,
        "books_from": BOOKS_FROM,
        "lender_changes_until": LENDER_CHANGES_UNTIL,
    }
    db.build("demo/person", **people, **fixed)
    db.build("demo/line", **people, **fixed)


def _night(db: Cursor, out: Path, as_of: date, people: Mapping[str, Any], dirty_share_ppm: int) -> DemoNight:
    given = {**people, "as_of": as_of, "days": _days(as_of)}
    db.build("demo/published_line", **given)
    db.build("demo/standing", **given)
    planted_file = out / f"{as_of}.planted.parquet"
    planted_file.unlink(missing_ok=True)
    folder, part = out / as_of.isoformat(), out / f".{as_of}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    planted: dict[str, int] = {}
    if dirty_share_ppm:
        rows = _write_dirty(db, part, given, dirty_share_ppm)
        db.write("demo/planted", planted_file, **given)
        planted = {str(row["kind"]): int(row["planted"]) for row in db.rows("demo/planted_count")}
    else:
        rows = {table: db.write(f"demo/{table}", part / f"{table}.parquet", **given) for table in contract()}
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    db.write("demo/outcome", out / "outcome.parquet", **given)
    best = db.rows("demo/best_auc", **given)[0]["auc_bp"]
    return DemoNight(as_of, folder.absolute(), rows, best, planted)


def _write_dirty(db: Cursor, part: Path, given: Mapping[str, Any], share_ppm: int) -> dict[str, int]:
    """Write every table with known bad rows in it; leave the table bad_row that says which."""
    rows = {table: db.build(f"demo/{table}", **given) for table in contract()}
    as_of = given["as_of"]
    month_end = (as_of + timedelta(days=1)).day == 1
    db.create("demo/bad_kind")
    db.insert("bad_kind", fault_rows(rows, share_ppm, month_end=month_end))
    db.build("demo/bad_row", **given)
    return {
        table: db.write(
            f"demo/{'dirty/' if table in FAULTS else ''}{table}", part / f"{table}.parquet", **given
        )
        for table in contract()
    }


def _days(as_of: date) -> list[date]:
    """The last day of each closed month shown; in front the day before the first of them, behind as_of."""
    last_closed = as_of + timedelta(days=1)
    first = _months_before(last_closed.replace(day=1), MONTHS)
    first = _months_before(first, first.month % 3)
    days = [first - timedelta(days=1)]
    while days[-1] < last_closed.replace(day=1) - timedelta(days=1):
        days.append(_months_before((days[-1] + timedelta(days=1)).replace(day=1), -1) - timedelta(days=1))
    return [*days, as_of]


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    after = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (after - first).days))


def _batch_as_of(path: Path) -> date:
    """The night that a changes file belongs to: its folder is named for it, even where nothing changed."""
    return date.fromisoformat(path.parent.name[:10])
