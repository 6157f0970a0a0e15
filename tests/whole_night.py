"""A whole night by its real steps, one after the other, without a server: for tests that compare nights."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from flows.advising import advise_night
from flows.attributing import attribute_night
from linewatch.documents import Documents, load_documents
from linewatch.night import Night
from linewatch.receipt import Receipt
from sql import stage
from sql.engine import close_engine, open_engine
from tasks import promise
from tasks.commit import commit
from tasks.decide import decide
from tasks.draft import draft
from tasks.features import features
from tasks.guard import guard
from tasks.publish import publish
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tasks.validate import validate

RECORDED_AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)


def run_night(
    source: Path | str,
    as_of: date,
    home: Path,
    *,
    threads: int | None = 1,
    full: bool = False,
    held_because: tuple[str, ...] = (),
    documents: Documents | None = None,
    recorded_at: datetime = RECORDED_AT,
    causes: bool = False,
    advice: bool = False,
    promises: bool = True,
) -> Receipt:
    """Every step up to publish, on the shipped documents or others; the scratch is closed at the end.

    It is held where a guard trips, and where the caller gives a reason. One thread is faster here. Why limits
    moved, and what would help, which decide nothing and take as long as the night, are asked with `causes`
    and `advice` alone. Without `promises` every row is accepted as it came, which leaves out half the time of
    a small night.
    """
    given = documents or load_documents(as_of)
    night = Night(as_of, home, str(source), given, recorded_at, threads=threads, full=full)
    home.mkdir(parents=True, exist_ok=True)
    open_engine(night.scratch, threads=threads)
    try:
        pull.fn(night)
        if promises:
            validate.fn(night)
        else:
            accept(night)
        for step in (features, rescore, decide):
            step.fn(night)
        tripped = guard.fn(night).tripped
        if causes:
            attribute_night.fn(night)
        if advice:
            advise_night.fn(night)
        else:
            promise.stand(night)
        for step in (draft, refer):
            step.fn(night)
        receipt = commit.fn(night, (*tripped, *held_because))
        publish.fn(night)
        return receipt
    finally:
        close_engine(night.scratch)


def accept(night: Night) -> None:
    """What `validate` leaves of rows of which none is set aside.

    For clean lenders, whose promises other tests hold them to.
    """
    with open_engine(night.scratch, threads=night.threads).cursor() as db:
        ((freshness_days,),) = db.raw.execute("select freshness_days from night").fetchall()
        db.create("schema/validation")
        stage.note_source_columns(db)
        stage.stage(db)
        stage.set_terms(db, night.as_of, freshness_days, night.documents.profile.reporting_currency)
        stage.accept(db)


def batch_bytes(home: Path, receipt: Receipt) -> dict[str, bytes]:
    """The files of a committed batch that chance has no part in, by name (the name holds the hash)."""
    files = sorted((home / "batches" / receipt.batch).glob("*.parquet"))
    return {path.name: path.read_bytes() for path in files}
