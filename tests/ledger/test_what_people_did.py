"""What people did to lines holds: through nights that leave a line out, and against a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ledger import open_ledger
from linewatch.errors import NightRefused
from tasks.approve import protect
from tasks.commit import commit_night
from tasks.pull import pull_source
from tasks.reverse import ask, planned
from tasks.reverse import commit as undo
from tasks.sweep import close
from tests.ledger.small_lender import Wish, a_night, decide, papers, write_source
from tests.ledger.stands import in_force

FIRST = date(2026, 11, 20)
AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
OTHER = {"F0": Wish(100, 100, "rule")}
"""A line that stays, or there would be no night."""


def run(home: Path, days: int, lines: Mapping[str, Wish], held: tuple[str, ...] = ()) -> None:
    source = write_source(home.parent / f"source-{days}", {**OTHER, **lines})
    made = a_night(home, source, FIRST + timedelta(days=days), AT + timedelta(days=days), papers())
    pull_source(made)
    decide(made)
    commit_night(made, held)
    close(made)


def test_a_line_blocked_out_of_the_first_night_that_saw_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, 0, {"F2": Wish(100, 100, "freeze")}, held=("guard",))
    protect(home, FIRST, by="wu", because="seen", recorded_at=AT)
    run(home, 1, {})
    run(home, 2, {})
    assert in_force(open_ledger(home))["F2"] == (100, True)


def test_a_line_set_back_to_where_the_first_night_that_saw_it_had_found_it(tmp_path: Path) -> None:
    """Its source still shows the limit that was taken back: it is not to be taken for the lender's own."""
    home = tmp_path / "home"
    run(home, 0, {"F2": Wish(100, 90, "rule")})
    with planned(home, FIRST) as plan:
        wanted = ask(plan, by="wu", because="wrong", second="", recorded_at=AT)
    with planned(home, FIRST) as plan:
        if not plan.db.has("drafts"):
            plan.db.create("schema/drafts")
        undo(plan, wanted, by="li", because="seen", recorded_at=AT)
    run(home, 1, {})
    run(home, 2, {"F2": Wish(90, 90, "rule")})
    assert in_force(open_ledger(home))["F2"] == (100, False)


def test_a_block_taken_out_of_the_night_after_is_not_revised_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, 0, {"F2": Wish(100, 100, "rule")})
    run(home, 1, {"F2": Wish(100, 100, "freeze")}, held=("guard",))
    protect(home, FIRST + timedelta(days=1), by="wu", because="seen", recorded_at=AT)
    mended = write_source(tmp_path / "mended", {**OTHER, "F2": Wish(100, 90, "rule")})
    made = replace(a_night(home, mended, FIRST, AT, papers()), revise=True)
    with pytest.raises(NightRefused, match="cannot be revised: 2026-11-21-protective") as refused:
        pull_source(made)
    assert "A person blocked lines by that" in refused.value.where
    close(made)
    assert in_force(open_ledger(home))["F2"] == (100, True)
