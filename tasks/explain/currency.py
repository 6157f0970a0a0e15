"""The currency in which a night added up lines: amounts over several lines are told in it."""

from __future__ import annotations

from ledger import Batch, Ledger
from linewatch.recorded import Recorded
from linewatch.reporting import reporting_currency
from sources import snapshot
from sql import stage
from sql.engine import Engine, checked_name

TABLES = ("facility", "fx_rate")
ASIDE = ("quarantine", "quarantined_borrower")


def lender_currency(ledger: Ledger, batch: Batch, documents: Recorded) -> str | None:
    """The profile's, else what the night found in its rows; None where these are kept no longer.

    No file of a night has it, so that it is found again as the night found it.
    """
    stated: str | None = documents.profile.get("reporting_currency")
    if stated is not None:
        return stated
    taken = snapshot.look(ledger.home / batch.snapshot) if batch.snapshot else None
    aside = {name: batch.path(ledger.home, name) for name in ASIDE}
    if taken is None or any(name in batch.gone for name in ASIDE):
        return None
    # A database of its own: the accepted rows have names that the walk's statements give to others.
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        snapshot.leave_tables(db, {name: parts for name, parts in taken.tables.items() if name in TABLES})
        stage.note_source_columns(db)
        stage.stage(db)
        for name, path in aside.items():
            if path is not None and path.exists():
                db.parquet("kept", [path])
                db.raw.execute(f"insert into {checked_name(name)} by name from kept")
        stage.set_aside_again(db)
        stage.accept(db)
        db.replace("night", [{"as_of": batch.as_of, "previous_as_of": None, "freshness_days": 0}])
        return reporting_currency(db.rows("decisions/line_currency"), None)
