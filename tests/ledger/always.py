"""What must hold of a record after every step, whatever was done (docs/ledger.md)."""

from __future__ import annotations

from pathlib import Path

from hypothesis.stateful import invariant

from ledger import open_ledger
from tests.ledger import stands
from tests.ledger.plain_record import PlainRecord


class Always:
    """Compares the home with the plain record of what should stand in it."""

    home: Path
    plain: PlainRecord
    leaves = b""
    """The log's, as of the step before."""

    @invariant()
    def lines_stand_where_their_changes_leave_them(self) -> None:
        ledger = open_ledger(self.home)
        plain = {name: (line.limit, line.blocked) for name, line in self.plain.lines.items()}
        assert stands.in_force(ledger) == plain
        assert stands.summed(ledger) == {name: limit for name, (limit, _) in plain.items()}
        stands.check_history(ledger)

    @invariant()
    def nothing_stands_that_was_not_committed(self) -> None:
        ledger = open_ledger(self.home)
        held = ledger.held()
        committed = [(each.kind, each.as_of) for each in ledger.batches(state="committed")]
        assert committed == [(each.kind, each.as_of) for each in self.plain.batches]
        assert (held and held.as_of) == (self.plain.held and self.plain.held.as_of)
        assert {case.borrower_id: case.case_id for case in ledger.cases.open()} == self.plain.open
        due = [(each.kind, each.as_of) for each in self.plain.batches if not each.delivered]
        assert [(each.batch.kind, each.batch.as_of) for each in ledger.pending()] == due
        stands.check_handed_out(ledger)

    @invariant()
    def the_log_is_added_to(self) -> None:
        leaves = open_ledger(self.home).log.standing().leaves
        stands.check_grown(self.leaves, leaves)
        self.leaves = leaves
