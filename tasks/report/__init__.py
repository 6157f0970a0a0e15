"""Write the night's report: one HTML file that needs nothing else, with no personal data in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import open_ledger
from linewatch.night import Night
from linewatch.notice import ACTIONS
from sql.engine import Cursor
from tasks.report import charts
from tasks.report.figures import FEWEST, amount, signed, steps_told, waterfall

TEMPLATES = Path(__file__).parents[1] / "templates"

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reported:
    """Where the report lies."""

    report: Path


@task(name="report", task_run_name="report {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def report(night: Night) -> Reported:
    """Leave out/<as_of>/report.html. A night that was stopped early has the parts that it came to."""
    return write_report(night)


def write_report(night: Night) -> Reported:
    path = night.out / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    with sql.cursor(night.scratch) as db:
        page = _template().render(
            head=_head(night),
            decided=_decided(db) if db.has("decisions") else None,
            scores=_scores(db) if db.has("scores") else [],
            queue=_queue(db) if db.has("cases") else None,
            letters=db.rows("reports/draft_count") if db.has("drafts") else [],
            quality=_quality(db) if db.has("validation") else None,
            guards=db.rows("reports/guard") if db.has("guards") else [],
            documents=sorted(night.documents.sources, key=lambda source: (source.kind, source.id)),
            fewest=FEWEST,
        )
    path.write_text(page, encoding="utf-8", newline="\n")
    return Reported(report=path)


def _template() -> Any:
    room = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters["words"] = lambda code: str(code).replace("_", " ")
    room.filters["count"] = lambda number: "–" if number is None else f"{number:,}"
    return room.get_template("report.html.j2")


def _head(night: Night) -> dict[str, Any]:
    batch = open_ledger(night.home).night(night.as_of)
    return {
        "lender": night.documents.profile.name,
        "as_of": night.as_of,
        "source": night.source,
        "state": batch.state if batch else "not committed",
        "root": batch.root if batch else None,
        "batch": batch.batch if batch else None,
        "held_because": list(batch.held_because) if batch else [],
    }


def _decided(db: Cursor) -> dict[str, Any]:
    """Counts by action and route, limits by currency with their walk, grades, reasons and holds."""
    routed = db.rows("reports/action_route")
    actions = [
        {
            "action": action,
            **{
                route: sum(row["lines"] for row in routed if (row["action"], row["route"]) == (action, route))
                for route in ("automatic", "referred")
            },
        }
        for action in ACTIONS
    ]
    reasons, holds = db.rows("reports/reason_count"), db.rows("reports/hold_count")
    return {
        "overview": db.rows("reports/overview")[0],
        "actions": actions,
        "limits": _limits(db),
        "grades": [
            {"subject": subject, "rows": rows, "chart": charts.grades(rows)}
            for subject, rows in _grouped(db.rows("reports/grade_count"), "borrower_type")
        ],
        "reasons": reasons,
        "reason_chart": charts.counts(_worded(reasons), "code", "lines", charts.DOWN) if reasons else "",
        "holds": holds,
        "hold_chart": charts.counts(_worded(holds), "code", "lines", charts.STILL) if holds else "",
    }


def _limits(db: Cursor) -> list[dict[str, Any]]:
    """Each currency by itself, without sums over too few borrowers and without what gives them away."""
    walks = dict(_grouped(db.rows("reports/walk_total"), "currency"))
    told = []
    for total in db.rows("reports/limit_total"):
        currency, now = total["currency"], total["limit_cents"]
        shown = total["borrowers"] >= FEWEST
        steps = steps_told(walks[currency])
        bars = waterfall(total, steps)
        told.append(
            {
                **{name: total[name] for name in ("currency", "lines", "borrowers")},
                "shown": shown,
                "limit": amount(now, currency),
                "owed": amount(total["owed_cents"], currency),
                "committed": _change(total, "committed"),
                "proposed": _change(total, "proposed"),
                "moved": any(step["borrowers"] for step in walks[currency]),
                "steps": [{**step, "moved": signed(step["moved_cents"], currency)} for step in steps],
                "chart": charts.waterfall(bars, currency) if shown and steps else "",
            }
        )
    return told


def _change(total: Mapping[str, Any], name: str) -> str:
    """By how much the limits of a currency change, unless too few borrowers' do."""
    if 0 < total[f"{name}_borrowers"] < FEWEST:
        return f"fewer than {FEWEST} borrowers"
    return signed(total[f"{name}_cents"] - total["limit_cents"], total["currency"])


def _scores(db: Cursor) -> list[dict[str, Any]]:
    return [
        {"scorecard": scorecard, "rows": rows, "chart": charts.scores(rows)}
        for scorecard, rows in _grouped(db.rows("reports/score_band"), "scorecard")
    ]


def _queue(db: Cursor) -> dict[str, Any]:
    triggers = db.rows("reports/trigger_count")
    return {
        "kinds": db.rows("reviews/case_count"),
        "triggers": triggers,
        "chart": charts.counts(_worded(triggers), "code", "lines") if triggers else "",
    }


def _quality(db: Cursor) -> dict[str, Any]:
    if not db.has("quarantine"):
        # A night that is stopped by a table's shape sets no row aside.
        db.create("schema/quarantine")
    return {
        "tables": db.rows("reports/quality"),
        "broken": db.rows("reports/broken_expectation"),
        "quarantined": db.rows("reports/quarantined_by"),
    }


def _worded(rows: Rows) -> list[dict[str, Any]]:
    return [{**row, "code": row["code"].replace("_", " ")} for row in rows]


def _grouped(rows: Rows, key: str) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Rows that come in order of `key`, a list for each of its values."""
    return [(value, list(part)) for value, part in groupby(rows, key=lambda row: row[key])]
