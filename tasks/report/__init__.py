"""Write the night's report: one HTML file that needs nothing else, with no personal data in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import open_ledger
from linewatch import law_told
from linewatch.documents import Source
from linewatch.fewest import FEWEST
from linewatch.night import Night
from linewatch.notice import ACTIONS
from linewatch.receipt import Receipt
from sql.engine import Cursor
from tasks.report import charts
from tasks.report.causes import told_of_causes
from tasks.report.figures import amount, signed, steps_told, waterfall
from tasks.report.page import write_page

CONTENT = "report.json"
"""What the report was made from: a held night's is made again when somebody has decided on it."""
PUBLISHED, SHOWN = ("limit", "rate", "block"), ("acknowledged", "in_flight", "outside")

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
    with sql.cursor(night.scratch) as db:
        told = {
            "head": _head(night),
            "decided": _decided(db) if db.has("decisions") else None,
            "causes": told_of_causes(db) if db.has("decisions") and db.has("cause_of_line") else [],
            "recourse": db.rows("reports/recourse") if db.has("decisions") and db.has("advice") else [],
            "after_cut": db.rows("reports/after_cut") if db.has("decisions") and db.has("after_cut") else [],
            "promises": db.rows("promises/states") if db.has("promises") else [],
            "law": _law(db, night) if db.has("decisions") else None,
            "shown": _shown(db) if db.has("reconciled") else None,
            "scores": _scores(db) if db.has("scores") else [],
            "queue": _queue(db) if db.has("cases") else None,
            "letters": db.rows("reports/draft_count") if db.has("drafts") else [],
            "quality": _quality(db) if db.has("validation") else None,
            "guards": db.rows("reports/guard") if db.has("guards") else [],
            "documents": [_document(source) for source in _in_order(night.documents.sources)],
            "fewest": FEWEST,
        }
    night.out.mkdir(parents=True, exist_ok=True)
    content = json.dumps(told, ensure_ascii=False, default=str)
    (night.out / CONTENT).write_text(content + "\n", encoding="utf-8", newline="\n")
    return _rendered(night.out, json.loads(content))


def report_again(home: Path, receipt: Receipt) -> Path | None:
    """Leave the report of a night that was held as it stands now; None where the night left no report."""
    folder = home / "out" / receipt.as_of.isoformat()
    try:
        told = json.loads((folder / CONTENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if told["head"]["batch"] != receipt.batch:
        return None
    held = list(receipt.held_because) if receipt.status == "held" else []
    told["head"] |= {"state": receipt.status, "held_because": held}
    return _rendered(folder, told).report


def _rendered(folder: Path, told: Mapping[str, Any]) -> Reported:
    path = folder / "report.html"
    write_page(path, "report.html.j2", told)
    return Reported(report=path)


def _in_order(sources: Iterable[Source]) -> list[Source]:
    return sorted(sources, key=lambda source: (source.kind, source.id))


def _document(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in ("kind", "id", "version", "effective_from", "sha256")}


def _head(night: Night) -> dict[str, Any]:
    batch = open_ledger(night.home).night(night.as_of)
    return {
        "lender": night.documents.profile.name,
        "as_of": night.as_of,
        "source": night.source,
        "state": batch.state if batch else "not committed",
        "root": batch.root if batch else None,
        "batch": batch.batch if batch else None,
        "held_because": list(batch.held_because) if batch and batch.state == "held" else [],
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


def _law(db: Cursor, night: Night) -> dict[str, Any]:
    """The records in force and what they bound, without sums over too few borrowers."""
    documents = night.documents
    countries, bound = db.rows("reports/law_country"), db.rows("reports/law_bound")
    found = law_told.told(documents.profile, documents.packs, night.as_of, countries, bound)
    for record in (record for pack in found["packs"] for record in pack["records"]):
        record["withheld"] = [
            amount(row["withheld_cents"], row["currency"])
            if row["borrowers"] >= FEWEST
            else f"fewer than {FEWEST} borrowers"
            for row in record.pop("bound")
        ]
    return {**found, "notes": law_told.notes_of(found)}


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


def _shown(db: Cursor) -> dict[str, Any]:
    """How the source shows what was published, and batches whose rows the lender's database has otherwise."""
    counted = {(row["what"], row["state"]): row["lines"] for row in db.rows("reports/reconciled")}
    lines = [
        {"what": what, **{state: counted.get((what, state), 0) for state in SHOWN}} for what in PUBLISHED
    ]
    return {"lines": lines if counted else [], "altered": db.rows("reports/altered")}


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
