"""Tell how the limit of one line came about, step by step, from what its night committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shlex import quote
from typing import Any

from ledger import Batch, Ledger, standing_ledger
from linewatch.errors import NotFound
from linewatch.notice import STEPS
from linewatch.recorded import Recorded, recorded
from linewatch.room import home_option
from linewatch.scorecard import Scorecard
from sql.engine import Cursor, Engine
from tasks.explain.adverse import adverse_of
from tasks.explain.because import because_of, laws_of, rules_of, trigger_of, unit_of
from tasks.explain.causes import causes_of
from tasks.explain.currency import lender_currency
from tasks.explain.firm import firm_of
from tasks.explain.grade import kept_grade_of
from tasks.explain.loss import loss_of
from tasks.explain.since import case_of, since_of, zone_of
from tasks.explain.source import of_source
from tasks.explain.standing import standing_of
from tasks.explain.text import written

Row = dict[str, Any]

FEATURES = ("features_consumer", "features_enterprise")


@dataclass(frozen=True)
class Explained:
    """One line on one night: `content` is JSON-able, days as ISO text, money in whole cents."""

    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The receipt, at most 100 columns wide."""
        return written(self.content)


def explain(home: Path, facility_id: str, as_of: date | None = None, batch: Batch | None = None) -> Explained:
    """How the line was decided on a night (None: the newest committed; a held night may be named).

    With `batch`, that one's files, wherever they lie: a night that was decided again.

    Reads committed files in a database of its own, so it works while a night runs. Raises NotFound
    for a line or a night that the home does not have.
    """
    ledger = standing_ledger(home)
    batch = batch or ledger.standing(as_of)
    documents = recorded(ledger.document(sha256) for sha256 in batch.documents)
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.parquet("decisions", [ledger.file(batch, "decisions")])
        line = next(iter(db.rows("reviews/one_line", facility_id=facility_id)), None)
        if line is None:
            raise _no_line(db, batch, home, facility_id)
        points = _points(db, ledger, batch, documents, line)
        zone = zone_of(documents)
        case = case_of(ledger, batch, line, _case(db, ledger, batch, facility_id), zone)
        since = since_of(db, ledger, batch, line, zone)
        causes = causes_of(db, ledger, batch, facility_id)
        beside = _beside(db, home, batch, line, documents)
    beside["lender_currency"] = lender_currency(ledger, batch, documents)
    beside["since"] = since
    beside["source_pruned_on"] = ledger.pruned_on(batch, "manifest")
    content = _content(batch, line, points, case, documents)
    return Explained({**content, "causes": _plain(causes), **_plain(beside)})


def _no_line(db: Cursor, batch: Batch, home: Path, facility_id: str) -> NotFound:
    now = "Closed lines are not decided. Check the id, or name another night with --as-of."
    if db.rows("reviews/line_of_borrower", borrower_id=facility_id):
        now = (
            "This is the number of a borrower, and not of a line: "
            f"linewatch borrower explain {quote(facility_id)}{home_option(home)} tells of their lines."
        )
    return NotFound(
        f"The night of {batch.as_of} decided no line {facility_id!r}.",
        where=f"{batch.batch} in {home}",
        what_now=now,
    )


def _points(db: Cursor, ledger: Ledger, batch: Batch, documents: Recorded, line: Row) -> list[Row]:
    """Points of each characteristic of the borrower's scorecard, the largest shortfall first."""
    card = documents.scorecards.get(line["scorecard"] or "")
    paths = {name: batch.path(ledger.home, name) for name in FEATURES}
    if card is None or any(path is None or not path.exists() for path in paths.values()):
        return []
    for name, path in paths.items():
        db.parquet(name, [path] if path else [])
    scorecard = Scorecard.model_validate(card)
    db.replace("scorecard_bin", scorecard.bin_rows())
    base = {"scorecard": scorecard.id, "subject": scorecard.subject, "base_points": scorecard.base_points}
    db.replace("scorecard_base", [base])
    db.replace("wanted_borrower", [{"borrower_id": line["borrower_id"]}])
    found = db.rows("scores/points")
    names = ("characteristic", "family", "driver", "value", "points", "reference_points", "shortfall")
    told = [{name: row[name] for name in names} for row in found]
    return sorted(told, key=lambda row: (-row["shortfall"], row["characteristic"]))


def _case(db: Cursor, ledger: Ledger, batch: Batch, facility_id: str) -> Row | None:
    path = batch.path(ledger.home, "cases")
    if path is None or not path.exists():
        return None
    db.parquet("cases", [path])
    return next(iter(db.rows("reviews/case_of_line", facility_id=facility_id)), None)


def _beside(db: Cursor, home: Path, batch: Batch, line: Row, documents: Recorded) -> Row:
    night = {
        "as_of": batch.as_of,
        "previous_as_of": None,
        "freshness_days": documents.profile.get("freshness_days", 0),
    }
    return of_source(db, home / batch.snapshot if batch.snapshot else home, line, night)


def _content(
    batch: Batch, line: Row, points: list[Row], case: Row | None, documents: Recorded
) -> dict[str, Any]:
    hold, meanwhile = line["hold_because"], line.get("review_block")
    content = {
        "facility_id": line["facility_id"],
        "as_of": batch.as_of,
        "batch": batch.batch,
        "state": batch.state,
        "held_because": list(batch.held_because),
        **{name: line[name] for name in _TOLD},
        "walk": _walk(line, documents),
        "without_regulation_cents": line.get("without_regulation_cents"),
        "law": laws_of(line.get("law_records") or (), documents),
        "expected_loss": loss_of(line, documents),
        "reasons": [
            {**reason, "text": documents.words("reason", reason["code"], "en")} for reason in line["reasons"]
        ],
        "meanwhile": meanwhile and {"code": meanwhile, "text": documents.words("reason", meanwhile, "en")},
        "hold": hold and {"code": hold, "text": _hold_text(hold, documents)},
        "triggers": [
            {
                "code": code,
                "text": documents.words("trigger", code, "en"),
                **trigger_of(code, line["segment"], documents),
            }
            for code in line["triggers"]
        ],
        "rules": rules_of(line.get("rules") or (), documents),
        "case": case,
        "points": points,
        "grade_kept": kept_grade_of(line, documents),
        **firm_of(line, documents),
        **standing_of(line, batch.as_of),
        "adverse": adverse_of(line),
    }
    plain: dict[str, Any] = _plain(content)
    return plain


_TOLD = """
    borrower_id group_id borrower_type jurisdiction segment product currency scorecard score pd_bp grade
    unknown_share_bp due due_because next_due_on limit_cents source_limit_cents limit_origin drawn_cents
    owed_cents days_past_due utilisation_bp utilisation_band anchor_limit_cents anchor_on
    proposed_limit_cents binding_step binding_steps rate_bp proposed_rate_bp action route effective_on
    test_digit quarantined drawdown_blocked
""".split()


def _walk(line: Row, documents: Recorded) -> list[Row]:
    """Every step with the limit after it; one that did something names its row, value and reason."""
    walk = []
    before = line["limit_cents"]
    for step in STEPS:
        after, row = line[f"after_{step}_cents"], line[f"{step}_row"]
        walk.append(
            {
                "step": step,
                "after_cents": after,
                "moved_cents": None if after is None or before is None else after - before,
                "row": row,
                "value": line[f"{step}_value"],
                "unit": row and unit_of(step, row),
                "because": because_of(step, row, line, documents) if row else "",
            }
        )
        before = after
    return walk


def _hold_text(code: str, documents: Recorded) -> str:
    """A line that stays blocked names the ground of its block where others name a hold."""
    room = "hold" if code in documents.notices.get("hold", {}) else "reason"
    return documents.words(room, code, "en")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
