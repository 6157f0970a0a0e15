"""What people do to cases, in any order, and settlements of it: rules of the machine in any_order.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ledger import open_ledger
from linewatch.casework import Done
from linewatch.errors import NightHeld, NightRefused
from tasks.lock import turn
from tests.ledger.cut_off import AT
from tests.ledger.plain_cases import may
from tests.ledger.plain_record import PlainRecord
from tests.ledger.small_settling import Ready, commit, settle_cases

CREW = st.sampled_from(["wu", "li", "chen"])
KINDS = """
    claimed released decided decided decided looked_at looked_at more_asked agreed agreed disagreed escalated
    lapsed
""".split()
OUTCOMES = st.sampled_from(["approve", "approve", "keep", "another_limit", "another_limit", "freeze"])
LIMITS = st.sampled_from([70_000, 80_000, 100_000, 120_000])
CUTS = st.one_of(st.none(), st.none(), st.integers(1, 12))

HAS_CASES = precondition(lambda self: self.plain.newest is not None and self.plain.works)
DECIDED = precondition(lambda self: self.plain.newest is not None and self.plain.ready)


class PeopleDecide:
    """Cases are taken, decided, looked at twice, given up, appealed against and settled."""

    home: Path
    plain: PlainRecord
    moment: Callable[[], Any]
    done: Callable[..., Any]
    refused: Callable[..., None]

    @HAS_CASES
    @rule(data=st.data(), by=CREW, kind=st.sampled_from(KINDS))
    def somebody_works_on_a_case(self, data: Any, by: str, kind: str) -> None:
        """On one that is open, or now and then on one that is not."""
        works = self.plain.works
        still = [case for case, work in works.items() if work.stage != "closed"]
        self.act(data.draw(st.sampled_from(sorted(still or works))), kind, by, data)

    @HAS_CASES
    @rule(data=st.data(), by=CREW, kind=st.sampled_from(["decided", "claimed", "agreed"]))
    def somebody_works_on_any_case(self, data: Any, by: str, kind: str) -> None:
        self.act(data.draw(st.sampled_from(sorted(self.plain.works))), kind, by, data)

    @precondition(lambda self: self.plain.held is None and self.plain.closed)
    @rule(data=st.data(), by=CREW)
    def a_borrower_appeals(self, data: Any, by: str) -> None:
        self.act(data.draw(st.sampled_from(sorted(self.plain.closed))), "reopened", by, data)

    def act(self, case: str, kind: str, by: str, data: Any) -> None:
        work = self.plain.works[case]
        lines = [self.answered(name, data) for name in sorted(self.plain.lines_of(case))]
        content = {"lines": lines, "second_look": "amount" if kind == "looked_at" else ""}
        done = Done("decided" if kind == "looked_at" else kind, by, "Seen.", content)
        (why,) = open_ledger(self.home).cases.work([(case, done)], self.moment())
        other = self.plain.open.get(work.borrower, case) != case
        assert (why == "") == may(work, kind, by, other), why
        if not why:
            self.plain.worked(case, kind, by, lines)

    def answered(self, name: str, data: Any) -> dict[str, Any]:
        outcome = data.draw(OUTCOMES)
        newest = self.plain.newest
        decided = newest.decided.get(name) if newest else None
        return {
            "facility_id": name,
            "outcome": outcome,
            "limit_cents": data.draw(LIMITS) if outcome == "another_limit" else None,
            "reason": "income_lower",
            "proposed_limit_cents": decided.proposed if decided else None,
        }

    @DECIDED
    @rule(cut=CUTS)
    def what_is_decided_is_settled(self, cut: int | None) -> None:
        def act() -> None:
            with turn(self.home, "settle", AT):
                settle_cases(self.home, self.moment())

        back = self.plain.overtaken()
        if self.plain.held is not None and set(self.plain.ready) > set(back):
            self.refused(NightHeld, act)
            self.plain.send_back(back)
            return
        self.done(act, cut)
        self.plain.send_back(back)
        self.plain.settle()

    @precondition(
        lambda self: self.plain.newest is not None and self.plain.held is None and self.plain.undecided
    )
    @rule(data=st.data())
    def nothing_is_settled_that_is_not_decided_by_whoever_must(self, data: Any) -> None:
        """Nor what is closed already: whoever makes such a batch is refused where it would become known."""
        case = data.draw(st.sampled_from(sorted(self.plain.undecided)))
        stands = open_ledger(self.home).cases.standing([case])
        with turn(self.home, "settle", AT):
            self.refused(NightRefused, lambda: commit(self.home, Ready(stands, []), self.moment()))

    @DECIDED
    @precondition(lambda self: self.plain.held is None)
    @rule()
    def a_batch_that_was_made_before_another_settled_the_same_is_refused(self) -> None:
        """Of two settlements of a case one becomes known, whatever lock did not hold."""
        made: list[Ready] = []

        def first(ready: Ready) -> Ready:
            made.append(ready)
            return ready

        with turn(self.home, "settle", AT):
            settle_cases(self.home, self.moment(), first)
            self.refused(NightRefused, lambda: commit(self.home, made[0], self.moment()))
        self.plain.send_back(self.plain.overtaken())
        self.plain.settle()
