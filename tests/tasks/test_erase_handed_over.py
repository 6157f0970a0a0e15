"""Erasing a borrower whose line was handed to somebody else meanwhile: the other loses nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ledger import open_ledger
from tasks.access import erase
from tasks.commit import commit_night
from tasks.publish import deliver_due
from tasks.pull import pull_source
from tasks.sweep import close
from tests.ledger.small_lender import Wish, a_night, decide, papers, write_source
from verify.home import check

FIRST = date(2026, 11, 21)
LATER = datetime(2031, 1, 1, 9, tzinfo=UTC)
WHO = {"by": "li", "because": "They asked for it."}
GONE, OTHER = "B0", "B9"
HANDED_OVER = "F0"
ALL = (HANDED_OVER, "F1", "F18")


def source_of(folder: Path, lines: dict[str, Wish], handed_over: bool) -> Path:
    """A night's source; F0 is the other's once it was handed over. All have the same months of lines."""
    write_source(folder, lines)
    if handed_over:
        path = folder / "facility.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"{HANDED_OVER},{GONE},", f"{HANDED_OVER},{OTHER},"), encoding="utf-8")
    if "F1" not in lines:
        path = folder / "borrower.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"{GONE},consumer,CN,false\n", ""), encoding="utf-8")
    months = [f"{line},2026-10-01,0,100,0,0,0,0,0" for line in ALL]
    head = (
        "facility_id,month,closing_balance_cents,limit_cents,payment_due_cents,payment_made_cents,"
        "days_past_due,drawdown_count,drawdown_cents"
    )
    (folder / "facility_month.csv").write_text("\n".join([head, *months, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three nights: the second has F0 with the other and F1 with the borrower, the third no borrower."""
    home = tmp_path / "home"
    for number, names in enumerate((ALL, ALL, (HANDED_OVER, "F18"))):
        lines = {name: Wish(100 - 10 * number, 90 - 10 * number, "rule") for name in names}
        source = source_of(tmp_path / f"source-{number}", lines, handed_over=number > 0)
        made = a_night(home, source, FIRST + timedelta(days=number), LATER, papers())
        pull_source(made)
        decide(made)
        commit_night(made)
        close(made)
        deliver_due(home, LATER)
    return home


def of_other(home: Path) -> list[tuple[str, str, list[str]]]:
    """By night and file, whose rows of the other there are, and of their lines on that night."""
    found = []
    for batch in open_ledger(home).batches():
        if batch.kind != "night":
            continue
        files = {name: batch.path(home, name) for name in ("decisions", "changes", "drafts")}
        files |= {path.name: path for path in sorted((home / batch.snapshot).glob("facility*.parquet"))}
        files["handed out"] = home / "out" / batch.as_of.isoformat() / "limit_changes.parquet"
        own = {"F18"} | ({HANDED_OVER} if batch.as_of > FIRST else set())
        for name, path in files.items():
            if path is not None and path.exists():
                rows = pq.read_table(path, partitioning=None).to_pylist()
                lines = [row["facility_id"] for row in rows]
                found.append((str(batch.as_of), name, sorted(each for each in lines if each in own)))
    return found


def test_what_was_the_others_on_that_day_stays_theirs_and_the_log_stays_whole(home: Path) -> None:
    before = of_other(home)
    assert {name for _, name, rows in before if HANDED_OVER in rows} >= {"decisions", "changes"}
    assert any(name.startswith("facility_month") and HANDED_OVER in rows for _, name, rows in before)
    done = erase(home, GONE, **WHO, recorded_at=LATER)
    assert done.leaves > 0
    assert of_other(home) == before
    report = check(home)
    assert report.faults == ()
    assert report.counts["erased"] == done.leaves


def test_what_was_the_borrowers_on_that_day_is_gone(home: Path) -> None:
    erase(home, GONE, **WHO, recorded_at=LATER)
    first, second, third = (each for each in open_ledger(home).batches() if each.kind == "night")
    lines = {}
    for night in (first, second, third):
        for folder, name in ((night.snapshot, "facility_month"), (night.folder, "decisions")):
            (path,) = (home / folder).glob(f"{name}*.parquet")
            lines[night.as_of.day, name] = pq.read_table(path)["facility_id"].to_pylist()
    assert lines == {
        (day, name): ["F18"] if day == FIRST.day else [HANDED_OVER, "F18"]
        for day in (21, 22, 23)
        for name in ("facility_month", "decisions")
    }
