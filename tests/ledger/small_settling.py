"""A settlement of the small lender's cases: all ends as was asked for, by the real batch and statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import cast

import sql.engine as sql
from ledger import standing_ledger
from linewatch.adverse import rules
from linewatch.night import Night
from sources import snapshot
from sql import stage
from tasks import settle, takein

SETTLED_ON = date(2026, 12, 31)
LINES = "create table lines as select facility_id from in_force"
SETTLED_LINE = """
    create table settled_line as
    select
        asked_line.*,
        asked_limit_cents as after_exposure_cents,
        asked_limit_cents as after_regulation_cents,
        asked_limit_cents as after_floor_cents,
        asked_limit_cents as new_limit_cents,
        asks_block or (standing_own_block and not standing_person_block) as new_own_block,
        false as others_block,
        0 as offer_days,
        cast(0 as bigint) as moved_rep_cents,
        case
            when asked_limit_cents < standing_limit_cents then 'decrease'
            when asked_limit_cents > standing_limit_cents then 'increase'
            else 'hold'
        end as action,
        $settled_on as effective_on
    from asked_line
"""
Ready = settle.Ready


def settle_cases(home: Path, moment: datetime, of: Callable[[Ready], Ready] = lambda ready: ready) -> None:
    """Settle what is decided, as flows/settling.py does; `of` may make something else of what is ready."""
    ready = of(settle.ready(home))
    overtaken = takein.overtaken(home, ready.cases) if ready.cases else {}
    settle.send_back(home, overtaken, moment)
    left = ready.but(overtaken)
    if left.cases:
        commit(home, left, moment)


def commit(home: Path, ready: Ready, moment: datetime) -> None:
    ledger = standing_ledger(home)
    taken = snapshot.look(home / ledger.standing().snapshot)
    assert taken is not None
    with TemporaryDirectory() as place:
        night = cast(Night, SimpleNamespace(home=home, scratch=Path(place)))
        with sql.open_engine(night.scratch, threads=1).cursor() as db:
            snapshot.leave_tables(db, taken.tables)
            stage.note_source_columns(db)
            stage.stage(db)
            settle.leave_standing(night)
            db.create("schema/answered_line")
            db.append("answered_line", ready.lines)
            db.raw.execute(LINES)
            db.build("settlements/asked_line")
            db.raw.execute(SETTLED_LINE, {"settled_on": SETTLED_ON})
            db.create("schema/drafts")
            db.replace("pol_adverse", rules())
        try:
            settle.commit(night, ready, (), SETTLED_ON, moment)
        finally:
            sql.close_engine(night.scratch)
