"""What the record should come to, said once more in plain lines: dictionaries, no database and no files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from tests.ledger.plain_cases import CLOSED, Work, do
from tests.ledger.plain_cases import Line as AnsweredLine
from tests.ledger.small_lender import Wish, borrower_of


@dataclass
class Line:
    """How a line stands: its start, and what was added to it since."""

    start: int
    shown: int
    """What the source is expected to show until it shows what is in force."""
    blocked: bool = False
    committed: int = 0
    """The sum of its committed changes, in cents."""
    outside: int = 0
    """The sum of what others changed and a night found."""
    by_people: bool = False
    """Whether people asked for the block, in a settlement."""

    @property
    def limit(self) -> int:
        return self.start + self.committed + self.outside


class Decided(NamedTuple):
    """What a night decides of a line."""

    shown: int
    found: int
    left: int
    was_blocked: bool
    blocked: bool
    refers: bool
    proposed: int

    @property
    def moves(self) -> bool:
        return self.left != self.found or self.blocked != self.was_blocked


@dataclass
class Batch:
    kind: str
    as_of: date
    inputs: Mapping[str, Wish] = field(default_factory=dict)
    decided: dict[str, Decided] = field(default_factory=dict)
    changes: dict[str, tuple[int, int]] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    """By borrower."""
    before: dict[str, Line] = field(default_factory=dict)
    """The lines that it was decided upon; a revision of it stands on these too."""
    open_then: dict[str, str] = field(default_factory=dict)
    strict: bool = False
    agreed: str = ""
    delivered: bool = False


class PlainRecord:
    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.batches: list[Batch] = []
        """Committed, in order."""
        self.held: Batch | None = None
        self.requests: dict[date, tuple[str, object]] = {}
        """Reversals that wait for a second person: who asked, and what they were shown."""
        self.open: dict[str, str] = {}
        """Open cases, by borrower."""
        self.opened: dict[str, Batch] = {}
        """By which batch each case was opened, also those that are closed."""
        self.works: dict[str, Work] = {}
        """Where each case stands that was ever opened and is not of an erased borrower."""
        self.revisions: Counter[date] = Counter()

    @property
    def nights(self) -> dict[date, Batch]:
        """By day, the night as it was last revised."""
        return {each.as_of: each for each in self.batches if each.kind in ("night", "revision")}

    @property
    def newest(self) -> Batch | None:
        return max(self.nights.values(), key=lambda each: each.as_of, default=None)

    def upon(self, night: Batch) -> set[str]:
        """The kinds of batches that were committed after a night."""
        return {each.kind for each in self.batches[self.batches.index(night) + 1 :]}

    @property
    def ready(self) -> dict[str, Work]:
        return {case: work for case, work in sorted(self.works.items()) if work.stage == "ready"}

    @property
    def undecided(self) -> set[str]:
        return {case for case, work in self.works.items() if work.stage != "ready"}

    @property
    def closed(self) -> set[str]:
        return {case for case, work in self.works.items() if work.stage == "closed"}

    def lines_of(self, case: str) -> set[str]:
        """The lines that a case was opened with, and those that joined it in the newest night."""
        newest, work = self.newest, self.works[case]
        if newest is None or newest.cases.get(work.borrower) != case:
            return work.names
        return work.names | {
            n for n, d in newest.decided.items() if d.refers and borrower_of(n) == work.borrower
        }

    def worked(self, case: str, kind: str, by: str = "", lines: list[AnsweredLine] | None = None) -> None:
        work = self.works[case]
        do(work, kind, by, lines or [])
        if kind in CLOSED:
            self.open.pop(work.borrower, None)
        elif kind == "reopened":
            self.open[work.borrower] = case

    def overtaken(self) -> set[str]:
        """Decided cases that the newest night has made others: a line unanswered, another proposal."""
        assert self.newest is not None
        decided = self.newest.decided
        return {
            case
            for case, work in self.ready.items()
            if (self.lines_of(case) & set(decided)) - {line["facility_id"] for line in work.lines}
            or any(
                line["outcome"] == "approve"
                and line["facility_id"] in decided
                and line["proposed_limit_cents"] not in (None, decided[line["facility_id"]].proposed)
                for line in work.lines
            )
        }

    def send_back(self, cases: set[str]) -> None:
        for case in cases:
            self.worked(case, "sent_back")

    def settle(self) -> None:
        """Close what is decided, each line as its people left it."""
        newest = self.newest
        assert newest is not None
        if not self.ready:
            return
        settlement = Batch("settlement", newest.as_of)
        for case, work in self.ready.items():
            for answer in work.lines:
                name = answer["facility_id"]
                if name in newest.decided:
                    self._leave(settlement, name, answer, newest.decided[name])
            self.worked(case, "settled")
        self.batches.append(settlement)

    def _leave(self, settlement: Batch, name: str, answer: AnsweredLine, decided: Decided) -> None:
        line, outcome = self.lines[name], answer["outcome"]
        old, was_blocked = line.limit, line.blocked
        asked = old
        if outcome == "another_limit":
            asked = answer["limit_cents"]
        elif outcome == "approve" and decided.proposed != decided.found:
            asked = decided.proposed
        line.blocked = outcome == "freeze" or (line.blocked and not line.by_people)
        line.by_people = outcome == "freeze"
        line.committed += asked - old
        if asked != old:
            line.shown = old
        if (asked, line.blocked) != (old, was_blocked):
            settlement.changes[name] = (old, asked)

    def decide(self, as_of: date, wishes: Mapping[str, Wish]) -> Batch:
        """The night of these wishes, which is not known yet."""
        night = Batch("night", as_of, before=deepcopy(self.lines), open_then=dict(self.open))
        self._decide(night, wishes)
        night.changes = {name: (each.found, each.left) for name, each in night.decided.items() if each.moves}
        return night

    def revise(self, as_of: date, wishes: Mapping[str, Wish]) -> Batch:
        """The night decided again upon what it stood on, changed from what is in force."""
        standing = self.nights[as_of]
        revision = Batch("revision", as_of, before=standing.before, open_then=standing.open_then)
        self._decide(revision, wishes)
        for borrower, case in revision.cases.items():
            if case in self.opened and case not in self.open.values():
                text = f"{self.revisions[as_of] + 1}|{case}"
                revision.cases[borrower] = sha256(text.encode()).hexdigest()[:32]
        revision.changes = {
            name: (self.lines[name].limit, each.left)
            for name, each in revision.decided.items()
            if (each.left, each.blocked) != (self.lines[name].limit, self.lines[name].blocked)
        }
        return revision

    def shows_its_own(self, as_of: date, wishes: Mapping[str, Wish]) -> bool:
        """Whether a source shows what the night itself left: it is of a later moment."""
        standing = self.nights[as_of]
        return any(
            old != new == wishes[name].shown_cents != standing.decided[name].shown
            for each in self.batches
            if each.as_of == as_of and each.kind in ("night", "revision")
            for name, (old, new) in each.changes.items()
            if name in wishes
        )

    def _decide(self, night: Batch, wishes: Mapping[str, Wish]) -> None:
        night.inputs = wishes
        night.decided = {name: _decided(night.before.get(name), each) for name, each in wishes.items()}
        for borrower in {borrower_of(name) for name, each in night.decided.items() if each.refers}:
            night.cases[borrower] = night.open_then.get(borrower, f"C-{borrower}-{night.as_of}")

    def commit(self, night: Batch) -> None:
        self.batches.append(night)
        for name, each in night.decided.items():
            line = self.lines.setdefault(name, Line(each.found, each.shown))
            was = line.limit
            if night.kind == "night":
                line.outside += each.found - was
            line.committed += each.left - line.limit
            takes_back = night.kind == "revision" and each.left != was
            line.shown, line.blocked = was if takes_back else each.shown, each.blocked
            line.by_people = False
        for borrower, case in night.cases.items():
            if case not in self.opened:
                self.opened[case] = night
                self.open[borrower] = case
                asked = {n for n, d in night.decided.items() if d.refers and borrower_of(n) == borrower}
                self.works[case] = Work(borrower, asked)
        if night.kind == "revision":
            self.requests.pop(night.as_of, None)
            for case in list(self.open.values()):
                opener = self.opened[case]
                if opener is not night and opener.as_of == night.as_of and case not in night.cases.values():
                    self.worked(case, "superseded")

    def protect(self) -> bool:
        """Take the blocks out of the held night; False where it has none."""
        assert self.held is not None
        frozen = {n: d for n, d in self.held.decided.items() if d.blocked and not d.was_blocked}
        if frozen:
            changes = {name: (each.found, each.found) for name, each in frozen.items()}
            self.batches.append(Batch("protective", self.held.as_of, changes=changes))
            for name, each in frozen.items():
                self.lines.setdefault(name, Line(each.found, each.shown)).blocked = True
            self.held = None
        return bool(frozen)

    def undoing(self, as_of: date) -> dict[str, tuple[int, int]]:
        """The changes that would set the lines of a night back: those that nothing touched since."""
        night = self.nights[as_of]
        later = {n for each in self.batches[self.batches.index(night) + 1 :] for n in each.changes}
        return {
            name: (new, old)
            for name, (old, new) in night.changes.items()
            if name in self.lines
            and name not in later
            and (self.lines[name].limit, self.lines[name].blocked) == (new, night.decided[name].blocked)
            and not (self.lines[name].by_people and not _was(night, name).by_people)
        }

    def shown_of(self, as_of: date) -> object:
        """What somebody who asks to undo a night is shown; another plan is not confirmed by it."""
        assert self.newest is not None
        return (self.newest.as_of, tuple(sorted(self.undoing(as_of).items())))

    def reverse(self, as_of: date) -> None:
        night, changes = self.nights[as_of], self.undoing(as_of)
        assert self.newest is not None
        self.batches.append(Batch("reversal", self.newest.as_of, changes=changes))
        for name, (wrong, restored) in changes.items():
            line = self.lines[name]
            line.committed += restored - wrong
            line.shown = wrong if wrong != restored else line.shown
            line.blocked = night.decided[name].was_blocked
            line.by_people = _was(night, name).by_people
        del self.requests[as_of]

    def erase(self, borrower: str) -> None:
        """What is left of it all without a borrower."""
        assert self.newest is not None
        self.open.pop(borrower, None)
        self.works = {case: work for case, work in self.works.items() if work.borrower != borrower}
        for each in self.batches:
            each.before = {n: line for n, line in each.before.items() if borrower_of(n) != borrower}
            each.changes = {n: c for n, c in each.changes.items() if borrower_of(n) != borrower}
            each.decided = {n: d for n, d in each.decided.items() if borrower_of(n) != borrower}
        self.lines = {name: line for name, line in self.lines.items() if borrower_of(name) != borrower}
        self.batches.append(Batch("erasure", self.newest.as_of, delivered=True))


def _was(night: Batch, name: str) -> Line:
    """The line as a night found it."""
    return night.before.get(name, Line(0, 0))


def _decided(line: Line | None, wish: Wish) -> Decided:
    line = line or Line(wish.shown_cents, wish.shown_cents)
    in_flight = line.limit != line.shown == wish.shown_cents
    found = line.limit if in_flight else wish.shown_cents
    left, blocked, refers, proposed = found, line.blocked, False, found
    if wish.by == "freeze" and not line.blocked:
        blocked = True
    elif wish.by == "free" and line.blocked:
        blocked = False
    elif not in_flight and wish.wanted_cents != found:
        refers = wish.by == "person"
        proposed = wish.wanted_cents
        left = found if refers else proposed
    return Decided(wish.shown_cents, found, left, line.blocked, blocked, refers, proposed)
