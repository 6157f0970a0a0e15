"""Show the night on Prefect's pages: a summary, the state of the data, the decisions by grade, what moved
limits, the review queue by team, the report.

Counts, keys of cases, codes, paths and totals alone: never a name, an amount or a value of a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from babel.numbers import get_currency_precision
from prefect import task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from linewatch.cause_totals import WAYS, WHOLE, told_totals
from linewatch.money import about
from linewatch.night import Night
from linewatch.receipt import Receipt

Rows = Sequence[Mapping[str, Any]]


@task(name="summarise", task_run_name="summarise {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def summarise(
    night: Night, receipt: Receipt, validation: Rows, report: Path | None, queue: Rows = ()
) -> None:
    """Leave the night's artifacts with Prefect; `queue` is the review queue at a glance, a row a team."""
    with sql.cursor(night.scratch) as db:
        shown = db.rows("reports/reconciled") if db.has("reconciled") else []
    create_markdown_artifact(
        summary(night, receipt, shown), key="night-summary", description=f"Night of {night.as_of}"
    )
    create_table_artifact(
        quality(validation), key="night-data-quality", description="Promises about the data, worst first"
    )
    with sql.cursor(night.scratch) as db:
        grades = db.rows("artifacts/grade_changes")
        causes = totals(db)
    create_table_artifact(grades, key="night-changes-by-grade", description="Lines by grade and action")
    if causes:
        create_table_artifact(
            causes, key="night-causes", description="What moved limits, in totals over no few borrowers"
        )
    if queue:
        create_table_artifact(
            [dict(row) for row in queue], key="night-queue", description="Open review cases by team"
        )
    if report is not None:
        create_link_artifact(report.as_uri(), link_text="The night's report", key="night-report")


def begin_progress() -> UUID:
    """An empty progress bar on Prefect's pages."""
    return cast(UUID, create_progress_artifact(0.0, key="night-progress", description="starting"))


def show_progress(bar: UUID, percent: float, step: str) -> None:
    update_progress_artifact(bar, progress=percent, description=step)


def summary(night: Night, receipt: Receipt, shown: Rows = ()) -> str:
    """The night in Markdown; `shown`, how the source shows what was published."""
    published = {f"{row['what']} {row['state'].replace('_', ' ')}": int(row["lines"]) for row in shown}
    lines = [
        f"# Night of {night.as_of}: {receipt.status}",
        "",
        f"{receipt.decided:,} lines decided, {receipt.changes:,} changes, {receipt.drafts:,} letters drafted,"
        f" {receipt.cases:,} review cases. Root `{receipt.root[:12]}`, batch `{receipt.batch}`.",
        "",
        *(f"- **held**: {why}" for why in receipt.held_because),
        *_counted("Actions", receipt.actions),
        *_counted("Routes", receipt.routes),
        *_counted("Quarantined rows", receipt.quarantined),
        *_counted("Published before, as the source shows it", published),
        "",
        "## Documents",
        "",
        "| kind | id | version | in force from | sha256 |",
        "|---|---|---|---|---|",
        *(
            f"| {used.kind} | {used.id} | {used.version} | {used.effective_from} | `{used.sha256[:12]}` |"
            for used in night.documents.sources
        ),
    ]
    return "\n".join(lines)


def quality(validation: Rows) -> list[dict[str, Any]]:
    """A row a promise that was broken, the worst first; then a row a table: how many were kept."""
    order = {"critical": 0, "warning": 1, "info": 2}
    broken = [row for row in validation if not row["success"]]
    kept = Counter(str(row["table_name"]) for row in validation if row["success"])
    rows = [
        {
            "table": row["table_name"],
            "promise": row["expectation"],
            "severity": row["severity"],
            "rows": f"{row['unexpected_rows']:,} of {row['total_rows']:,}" if row["total_rows"] else "",
        }
        for row in sorted(broken, key=lambda row: order[str(row["severity"])])
    ]
    rows += [
        {"table": table, "promise": f"{count} kept", "severity": "", "rows": ""}
        for table, count in sorted(kept.items())
    ]
    return rows


def totals(db: sql.Cursor) -> list[dict[str, Any]]:
    """What moved limits: a row a cause over all lines, each segment and each grade. Sums have three digits;
    one that could give away a person's amount is not told.
    """
    if not (db.has("decisions") and db.has("cause_of_line")):
        return []
    db.view("reports/cause_part")
    return [
        {
            "currency": row["currency"],
            "lines of": row["part"] if row["by_what"] == WHOLE else f"{row['by_what']} {row['part']}",
            "cause": row["cause"],
            **{
                name: value
                for way in WAYS
                for name, value in (
                    (f"lines {way}", row[f"{way}_lines"]),
                    (f"{way} by", _sum(row[f"{way}_cents"], row["currency"])),
                )
            },
        }
        for row in told_totals(db.rows("reports/cause_total"))
        if any(row[f"{way}_lines"] for way in WAYS)
    ]


def _sum(cents: int | None, currency: str) -> str:
    return "few borrowers" if cents is None else f"{about(cents, get_currency_precision(currency)):,f}"


def _counted(title: str, counts: Mapping[str, int]) -> list[str]:
    told = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    return [f"- **{title}**: {told or 'none'}"]
