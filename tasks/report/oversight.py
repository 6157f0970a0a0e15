"""Is the human review real? What people answered, how fast, whether two agree, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger import Batch, standing_ledger
from linewatch.agreement import agreed_of, kappa_hundredths
from linewatch.case import KINDS, OUTCOMES
from linewatch.fewest import FEWEST
from linewatch.money import share_bp
from linewatch.oversight import RUNG_AT, alarms, plausible_seconds
from linewatch.recorded import Recorded, recorded
from linewatch.room import whole
from linewatch.workload import NIGHTS, new_a_day, workload
from sql.engine import Cursor
from sql.passing import passing
from tasks.report import charts
from tasks.report.later import WHOLE, WINDOWS, look_later
from tasks.report.page import write_page
from tasks.report.readings import Loaded, Period, Row, Waiting, load

CONTENT, PAGE = "review.json", "review.html"
PERIOD = timedelta(days=365)
"""How far back is looked where nobody says."""


@dataclass(frozen=True)
class Oversight:
    """The page, and what stands on it as JSON holds it."""

    page: Path
    content: Mapping[str, Any]


def report_review(home: Path, since: date | None = None) -> Oversight:
    """Leave review.html and review.json in out/<as_of> of the newest committed night, from the record and the
    committed batches alone: answers from a day on, a year back where none is named. Raises NotFound.
    """
    ledger = standing_ledger(home)
    batch = ledger.standing(held_too=False)
    papers = recorded(ledger.document(sha256) for sha256 in batch.documents)
    nights = sorted({known.as_of for known in ledger.batches(state="committed") if known.kind in WHOLE})
    period = _period(nights, since, papers)
    with passing(home) as engine, engine.cursor() as db:
        loaded = load(db, ledger.cases.histories(period.begins), period)
        db.view("reports/reading_proposal")
        seen = look_later(db, ledger, period.newest)
        content = {
            "head": _head(batch, period, papers),
            **_read(db, loaded, papers),
            "became": {"nights": seen, "rows": _became(db, period)},
            "ahead": [*_ahead(loaded.waiting, period, papers)],
        }
    return _left(home / "out" / period.newest.isoformat(), content)


def _left(folder: Path, content: Mapping[str, Any]) -> Oversight:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, default=str)
    with whole(folder / CONTENT) as half:
        half.write_text(text + "\n", encoding="utf-8", newline="\n")
    told = json.loads(text)
    write_page(folder / PAGE, "review.html.j2", {**told, "charts": _charts(told)})
    return Oversight(folder / PAGE, told)


def _period(nights: Sequence[date], since: date | None, papers: Recorded) -> Period:
    """How many cases come is told by the nights after the first: it opened a case for whoever should have had
    one long before.
    """
    newest = nights[-1]
    return Period(
        since=since or newest - PERIOD,
        newest=newest,
        new_since=nights[-NIGHTS - 1 :][0],
        zone=ZoneInfo(papers.profile.get("time_zone", "UTC")),
    )


def _head(batch: Batch, period: Period, papers: Recorded) -> Row:
    return {
        "lender": papers.profile.get("name", ""),
        "as_of": period.newest,
        "since": period.since,
        "batch": batch.batch,
        "fewest": FEWEST,
    }


def _read(db: Cursor, loaded: Loaded, papers: Recorded) -> dict[str, Any]:
    """What people answered, how fast, and whether two agree; with what is wrong with that."""
    plausible = plausible_seconds(papers.policy)
    db.replace("plausible", [{"kind": kind, "seconds": plausible[kind]} for kind in KINDS])
    db.build("reports/reading_time")
    (decided,) = db.rows("reports/decided")
    readers = [{**row, "reader": loaded.spelled[row["reader"]]} for row in db.rows("reports/reader")]
    everybody = {name: sum(row[name] for row in readers) for name in ("lines", "overridden")}
    *kinds, all_kinds = db.rows("reports/pace")
    twice = _twice(db)
    return {
        "rung_at": dict(RUNG_AT),
        "alarms": [asdict(alarm) for alarm in alarms(readers, everybody, twice, all_kinds)],
        "overridden": _told(_shared(decided, "overridden", "lines"), "decisions", "cases"),
        **_groups(db),
        "readers": [_told(_both_shared(row), "reader") for row in readers],
        "times": [_told(row, "kind", "taken") for row in db.rows("reports/time_to_decide")],
        "pace": {
            **_told(_without(_paced(all_kinds), "kind", "plausible_s")),
            "kinds": [_told(_paced(row), "kind", "plausible_s") for row in kinds],
        },
        "twice": twice,
    }


def _groups(db: Cursor) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {"by_trigger": [], "by_grade": []}
    for row in db.rows("reports/override_group", fewest=FEWEST):
        found[f"by_{row.pop('parted_by')}"].append(_shared(row, "overridden", "lines"))
    return found


def _both_shared(row: Mapping[str, Any]) -> Row:
    return {
        **_shared(row, "overridden", "lines"),
        "fast_share_bp": share_bp(row["fast"], row["readings"]),
    }


def _paced(row: Mapping[str, Any]) -> Row:
    return _shared(row, "fast", "readings")


def _without(row: Mapping[str, Any], *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _twice(db: Cursor) -> dict[str, Any]:
    """Lines read twice; those of too few borrowers are counted alone."""
    rows = db.rows("reports/second_reading")
    pairs = {(row["first_outcome"], row["second_outcome"]): row["lines"] for row in rows}
    lines, agreed = sum(pairs.values()), agreed_of(pairs)
    if not rows or rows[0]["all_borrowers"] < FEWEST:
        return {"lines": lines, "shown": False, "kappa_hundredths": None}
    said = [outcome for outcome in OUTCOMES if any(outcome in pair for pair in pairs)]
    return {
        "lines": lines,
        "shown": True,
        "agreed": agreed,
        "share_bp": share_bp(agreed, lines),
        "kappa_hundredths": kappa_hundredths(pairs),
        "table": [
            {"first": first, "second": {second: pairs.get((first, second), 0) for second in said}}
            for first in said
        ],
    }


def _became(db: Cursor, period: Period) -> list[Row]:
    rows = [
        {
            **row,
            "late_share_bp": share_bp(row["became_late"], row["not_late"]),
            "decreased_share_bp": share_bp(row["decreased"], row["lines"]),
            "closed_share_bp": share_bp(row["closed"], row["lines"]),
        }
        for row in db.rows("reports/became", windows=list(WINDOWS), newest=period.newest)
    ]
    return [_told(row, "days", "is_decrease", "overridden") for row in rows]


def _shared(row: Mapping[str, Any], part: str, of: str) -> Row:
    return {**row, "share_bp": share_bp(row[part], row[of])}


def _told(row: Mapping[str, Any], *key: str) -> Row:
    """The row, or what it is about alone where it is of too few borrowers."""
    if row["borrowers"] >= FEWEST:
        return {**row, "shown": True}
    return {**{name: row[name] for name in key}, "shown": False}


def _ahead(waiting: Mapping[str, Waiting], period: Period, papers: Recorded) -> Iterator[Row]:
    """What each team has before it; each looks at one kind of case."""
    can = papers.profile.get("review_capacity", {})
    calendar = papers.profile["calendar"]
    for name, kind in KINDS.items():
        found = waiting[name]
        new = new_a_day(found.opened, (period.newest - period.new_since).days)
        load = workload(kind, period.newest, calendar, found.due, new, can.get(kind.team))
        yield {
            "team": kind.team,
            "kind": name,
            "open": found.open,
            "second_look": found.second_look,
            "ready": found.ready,
            "new_a_day_hundredths": new,
            "capacity": can.get(kind.team),
            "short_on": load.short_on,
            "days": [asdict(day) for day in load.days],
        }


def _charts(content: Mapping[str, Any]) -> dict[str, Any]:
    drawn = {name: charts.shares(content[name]) for name in ("by_trigger", "by_grade") if content[name]}
    return {**drawn, "ahead": {row["team"]: charts.workload(row["days"]) for row in content["ahead"]}}
