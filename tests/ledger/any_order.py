"""Any order of nights, revisions, approvals, publishes, reversals, erasures, decisions by people, settlements
and crashes: what is done, and what must hold after each.

Hypothesis draws the order; tests/ledger/plain_record.py says in plain Python what should come of it, and
docs/ledger.md in words.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from ledger import open_ledger
from linewatch.errors import DataRefused, NightHeld, NightRefused, NotFound
from linewatch.night import Night
from tasks import revise
from tasks.access import erase
from tasks.approve import approve, discard, done_before, protect
from tasks.checkpoint import sign_standing
from tasks.commit import commit_night
from tasks.lock import one_at_a_time, turn
from tasks.publish import deliver_due
from tasks.pull import pull_source
from tasks.reverse import ask, asked, carried_out, planned
from tasks.reverse import commit as undo
from tasks.sweep import close, sweep
from tests.ledger import stands
from tests.ledger.always import Always
from tests.ledger.cut_off import AT, CutOff
from tests.ledger.people_order import PeopleDecide
from tests.ledger.plain_record import Batch, PlainRecord
from tests.ledger.small_lender import (
    Wish,
    a_night,
    borrower_of,
    decide,
    papers,
    replayed,
    root_as_it_lies,
    write_source,
)
from tests.postgres import fresh_database

BEGUN = date(2026, 11, 20)
NAMES = [f"F{number}" for number in range(6)]
BORROWERS = sorted({borrower_of(name) for name in NAMES})
AMOUNTS = st.sampled_from([80_000, 90_000, 100_000, 110_000])
BY = st.sampled_from(["rule", "rule", "rule", "person", "freeze", "free"])
PEOPLE = st.sampled_from(["wu", "li"])
CUTS = st.one_of(st.none(), st.none(), st.integers(1, 30))
"""At which boundary of an act the power is cut; one that it does not reach cuts nothing off."""
BECAUSE = "Seen."

HELD = precondition(lambda self: self.plain.held is not None)
FREE = precondition(lambda self: self.plain.held is None)
BEGUN_ALREADY = precondition(lambda self: self.plain.newest is not None)


class AnyOrder(CutOff, PeopleDecide, Always, RuleBasedStateMachine):
    """A home, a lender beside it, and the plain record of what should stand in it."""

    shared = False
    """Whether the record is in PostgreSQL."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        CutOff.__init__(self, Path(tempfile.mkdtemp(prefix="lw-order-")))
        self.plain = PlainRecord()
        self.book = dict.fromkeys(NAMES, 100_000)
        """What the lender's system shows."""
        self.away: set[str] = set()
        self.erased: set[str] = set()
        self.loaded = 0
        self.sources = 0
        if self.shared:
            os.environ["LINEWATCH_LEDGER"] = fresh_database("ledger")

    def teardown(self) -> None:
        if self.plain.newest is not None:
            self.the_log_is_signed()
            self.everything_is_proven()
        shutil.rmtree(self.place)
        os.environ.pop("LINEWATCH_LEDGER", None)

    # What is done

    @initialize(data=st.data(), guards=st.integers(0, 4), cut=CUTS)
    def the_first_night(self, data: Any, guards: int, cut: int | None) -> None:
        self.the_next_night(data, 0, guards, cut)

    @FREE
    @rule(data=st.data(), days=st.integers(1, 2), guards=st.integers(0, 4), cut=CUTS)
    def the_next_night(self, data: Any, days: int, guards: int, cut: int | None) -> None:
        """A night of the lender's book as it is, with wishes that are drawn."""
        held, strict = guards in (1, 2), guards == 2
        self.run(self.day(days), self.wishes(data), held=held, strict=strict, cut=cut)

    @BEGUN_ALREADY
    @rule(data=st.data(), days=st.integers(-1, 1))
    def a_night_at_another_time(self, data: Any, days: int) -> None:
        """Earlier than the newest, the same day from other data, or while another is held."""
        if self.plain.held is not None or days < 1:
            self.run(self.day(days), self.wishes(data), held=False, strict=False, cut=None)

    @BEGUN_ALREADY
    @rule(cut=CUTS)
    def the_same_night_again(self, cut: int | None) -> None:
        self.run(self.day(0), self.plain.nights[self.day(0)].inputs, held=False, strict=False, cut=cut)

    @BEGUN_ALREADY
    @FREE
    @rule(data=st.data(), guards=st.integers(0, 4), cut=CUTS)
    def the_newest_night_is_revised(self, data: Any, guards: int, cut: int | None) -> None:
        """The newest night again, its source mended: the same lines with other limits and wishes."""
        newest = self.plain.nights[self.day(0)]
        amounts = st.sampled_from([None, None, None, 80_000, 110_000])
        wishes = {
            name: Wish(data.draw(amounts) or each.shown, data.draw(AMOUNTS), data.draw(BY))
            for name, each in newest.decided.items()
        }
        self.run(newest.as_of, wishes, held=guards in (1, 2), strict=guards == 2, cut=cut, revises=True)

    @HELD
    @rule(day=st.sampled_from([0, 0, 0, 1]), by=PEOPLE, cut=CUTS)
    def somebody_approves(self, day: int, by: str, cut: int | None) -> None:
        held, as_of = self.held_day(day)
        act = self.of_people(approve, "approve", as_of, by)
        if held is None or held.as_of != as_of:
            self.refused(NotFound, act)
        elif held.strict and not held.agreed:
            assert self.done(act, cut).status == "held"
            held.agreed = by
        elif held.strict and held.agreed == by:
            self.refused(DataRefused, act)
        else:
            assert self.done(act, cut).status == "committed"
            self.plain.commit(held)
            self.plain.held = None

    @HELD
    @rule(day=st.sampled_from([0, 0, 0, 1]), by=PEOPLE, cut=CUTS)
    def somebody_discards(self, day: int, by: str, cut: int | None) -> None:
        held, as_of = self.held_day(day)
        act = self.of_people(discard, "discard", as_of, by)
        if held is None or held.as_of != as_of:
            self.refused(NotFound, act)
        else:
            self.done(act, cut)
            self.plain.held = None

    @HELD
    @rule(by=PEOPLE, cut=CUTS)
    def approve_the_blocks_alone(self, by: str, cut: int | None) -> None:
        held, as_of = self.held_day(0)
        act = self.of_people(protect, "protective", as_of, by)
        if held is None:
            self.refused(NotFound, act)
        elif held.kind == "revision" or not self.plain.protect():
            self.refused(DataRefused, act)
        else:
            self.done(act, cut)

    @precondition(lambda self: self.plain.batches)
    @rule(cut=CUTS)
    def what_is_due_is_published(self, cut: int | None) -> None:
        self.done(lambda: deliver_due(self.home, self.moment()), cut)
        for each in self.plain.batches:
            each.delivered = True

    @FREE
    @BEGUN_ALREADY
    @rule(verb=st.sampled_from([approve, discard, protect]))
    def nothing_is_held(self, verb: Callable[..., Any]) -> None:
        self.refused(NotFound, self.of_people(verb, "", self.day(0), "wu"))

    @rule(name=st.sampled_from(NAMES), limit=AMOUNTS, what=st.sampled_from(["loads", "changes", "moves"]))
    def the_lender_goes_on(self, name: str, limit: int, what: str) -> None:
        """It loads what it got, changes a limit by itself, or a borrower goes or comes back."""
        due = [each for each in self.plain.batches if each.delivered]
        borrower = borrower_of(name)
        if what == "changes":
            self.book[name] = limit
        elif what == "loads":
            for batch in due[self.loaded :]:
                self.book.update({each: new for each, (_, new) in batch.changes.items()})
            self.loaded = len(due)
        elif borrower not in self.erased and len(self.away | {borrower}) < len(BORROWERS):
            self.away ^= {borrower}

    @BEGUN_ALREADY
    @rule(back=st.sampled_from([0, 0, 1, 1, 2]), by=PEOPLE)
    def ask_to_undo(self, back: int, by: str) -> None:
        as_of = self.a_day(back)

        def act() -> object:
            with turn(self.home, "reverse", AT), planned(self.home, as_of) as plan:
                return ask(plan, by=by, because=BECAUSE, second="", recorded_at=self.moment())

        night = self.plain.nights.get(as_of)
        if night is None:
            self.refused(NotFound, act)
        elif night.kind == "revision" or not self.plain.undoing(as_of):
            self.refused(DataRefused, act)
        elif self.plain.held is not None:
            self.refused(NightHeld, act)
        else:
            act()
            self.plain.requests[as_of] = (by, self.plain.shown_of(as_of))

    @precondition(lambda self: self.plain.requests)
    @rule(back=st.sampled_from([0, 0, 0, 1]), by=PEOPLE, cut=CUTS)
    def confirm_what_was_asked(self, back: int, by: str, cut: int | None) -> None:
        asked_for = list(self.plain.requests)
        as_of = self.a_day(back) if back else asked_for[-1]

        def act() -> object:
            with turn(self.home, "reverse", AT):
                if self.was_cut and (done := carried_out(self.home, as_of, by)) is not None:
                    return done
                wanted = asked(self.home, as_of)
                with planned(self.home, as_of, wanted.condition) as plan:
                    if not plan.db.has("drafts"):
                        plan.db.create("schema/drafts")
                    return undo(plan, wanted, by=by, because=BECAUSE, recorded_at=self.moment())

        who, shown = self.plain.requests.get(as_of, ("", None))
        held = self.plain.held
        if not who or (held and held.as_of == as_of):
            self.refused(NotFound, act)
        elif who == by or shown != self.plain.shown_of(as_of):
            self.refused(DataRefused, act)
        elif self.plain.held is not None:
            self.refused(NightHeld, act)
        else:
            self.done(act, cut)
            self.plain.reverse(as_of)

    @precondition(lambda self: self.away - self.erased)
    @rule(data=st.data(), also=st.sampled_from([False, False, False, True]), cut=CUTS)
    def a_borrower_is_erased(self, data: Any, also: bool, cut: int | None) -> None:
        """Of a borrower who left, and now and then of one who has not."""
        borrower = data.draw(st.sampled_from(BORROWERS if also else sorted(self.away - self.erased)))
        newest = self.plain.newest

        def act() -> object:
            with turn(self.home, "erase", AT):
                try:
                    return erase(self.home, borrower, by="li", because=BECAUSE, recorded_at=self.moment())
                except NotFound:
                    if not self.was_cut:
                        raise
                    return None

        if newest is None:
            self.refused(NotFound, act)
        elif self.plain.held is not None:
            self.refused((NightHeld, NotFound, DataRefused), act)
        elif borrower not in self.away or any(borrower_of(name) == borrower for name in newest.decided):
            self.refused((DataRefused, NotFound), act)
        elif borrower not in self.erased and self.known(borrower):
            self.done(act, cut)
            self.plain.erase(borrower)
            self.erased.add(borrower)

    @BEGUN_ALREADY
    @rule()
    def the_log_is_signed(self) -> None:
        if self.plain.newest is not None:
            with turn(self.home, "sign", AT):
                sign_standing(self.home, self.moment())

    @BEGUN_ALREADY
    @rule(back=st.integers(0, 3))
    def a_night_decided_again_comes_to_its_root(self, back: int) -> None:
        ledger = open_ledger(self.home)
        kinds = ("night", "revision")
        nights = [each for each in ledger.batches(state="committed") if each.kind in kinds]
        for batch in nights[-1 - back :][:1]:
            assert replayed(ledger, batch) == root_as_it_lies(ledger, batch)
            if not self.erased:
                assert root_as_it_lies(ledger, batch) == batch.root

    # How it is done

    def run(
        self, as_of: date, wishes: Any, *, held: bool, strict: bool, cut: int | None, revises: bool = False
    ) -> None:
        """A night as a start runs it: what is refused, what changes nothing, and what becomes known."""
        self.sources += 1
        source = write_source(self.place / f"source-{self.sources}", wishes)
        guards = ("Too many.",) if held else ()
        newest, moment = self.plain.newest, self.moment()

        def act() -> Any:
            made = replace(a_night(self.home, source, as_of, moment, papers()), revise=revises)
            with one_at_a_time(made):
                try:
                    return self.steps(made, guards, strict=strict)
                finally:
                    close(made)

        if self.plain.held is not None:
            self.refused(NightHeld, act)
        elif newest is None or as_of > newest.as_of:
            self.becomes_known(self.plain.decide(as_of, wishes), act, cut, held=held, strict=strict)
        elif as_of < newest.as_of:
            self.refused(NightRefused, act)
        elif wishes == newest.inputs:
            assert self.done(act, cut) is None
        elif not revises or self.plain.upon(newest) & {"reversal", "protective", "settlement"}:
            self.refused(NightRefused, act)
        elif self.plain.shows_its_own(as_of, wishes):
            self.refused(DataRefused, act)
        else:
            self.becomes_known(self.plain.revise(as_of, wishes), act, cut, held=held, strict=strict)
            self.plain.revisions[as_of] += 1

    def becomes_known(
        self, coming: Batch, act: Callable[[], Any], cut: int | None, *, held: bool, strict: bool
    ) -> None:
        coming.strict = held and strict
        receipt = self.done(act, cut, (NightHeld,) if held else ())
        assert receipt is None or receipt.status == ("held" if held else "committed")
        if held:
            self.plain.held = coming
        else:
            self.plain.commit(coming)

    def steps(self, made: Night, guards: tuple[str, ...], *, strict: bool) -> Any:
        sweep(made)
        stands.check_tidy(open_ledger(made.home))
        if pull_source(made).unchanged:
            return None
        decide(made, strict=strict)
        if revise.begin(made):
            revise.compare(made)
            revise.open_anew(made)
        return commit_night(made, guards)

    def of_people(self, verb: Callable[..., Any], action: str, as_of: date, by: str) -> Callable[[], Any]:
        """What a person types of a night, again too: flows/people.py."""

        def act() -> Any:
            with turn(self.home, action, AT):
                done = done_before(self.home, as_of, action, by) if self.was_cut else None
                return done or verb(self.home, as_of, by=by, because=BECAUSE, recorded_at=self.moment())

        return act

    def refused(self, error: Any, act: Callable[[], object]) -> None:
        with pytest.raises(error):
            act()

    def day(self, days: int) -> date:
        newest = self.plain.newest
        return (newest.as_of if newest else BEGUN) + timedelta(days=days)

    def wishes(self, data: Any) -> dict[str, Wish]:
        return {
            name: Wish(shown, data.draw(AMOUNTS), data.draw(BY))
            for name, shown in self.book.items()
            if borrower_of(name) not in self.away
        }

    def held_day(self, day: int) -> tuple[Any, date]:
        held = self.plain.held
        return held, (held.as_of if held else BEGUN) + timedelta(days=day)

    def a_day(self, back: int) -> date:
        days = sorted(self.plain.nights)
        return days[-1 - back] if back < len(days) else BEGUN - timedelta(days=30)

    def known(self, borrower: str) -> bool:
        return any(borrower_of(name) == borrower for name in self.plain.lines)
