"""What people do to a review case, in which order, and where that leaves it.

A case is the fold of its events. Whether another may be added is asked here and nowhere else, by the record
inside the transaction that adds it (ledger/docket.py): one of two people who reach for a case gets it.

    waiting -> claimed -> decided -> [second look] -> ready -> closed
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Any

from linewatch.people import other_than


class Stage(Enum):
    """Where a case stands."""

    WAITING = "waiting"
    """For somebody to decide it."""
    SECOND_LOOK = "second_look"
    """Decided by one person; another must look."""
    READY = "ready"
    """Decided, and by two where two are asked for: the next settlement takes it in."""
    CLOSED = "closed"


@dataclass(frozen=True)
class Done:
    """Something that was done to a case, or is to be."""

    kind: str
    by: str
    because: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Casework:
    """Where a case stands after its events."""

    stage: Stage = Stage.WAITING
    holder: str = ""
    """Who has claimed it; nobody: empty."""
    decided: Done | None = None
    """The outcome that stands, once there is one."""
    agreed: Done | None = None
    """Who looked a second time and agrees."""
    read: tuple[Done, ...] = ()
    """Every outcome that anybody gave, the oldest first: two that differ are a disagreement."""
    last: Done | None = None
    """The last answer of anybody: an outcome, or what is to be done before there is one."""
    appealed: bool = False
    """Whether the borrower asked for it to be looked at again."""
    beside: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    """The files that lie beside it, by their SHA-256 and the item of the checklist that they are for. One
    more leaves the case as it stands, also for a settlement that is under way.
    """


UNTOUCHED = Casework()
"""Where a case stands that a night opened, before anybody does anything to it."""

NO_CASE = "there is no such case"
"""Why nothing is done to a case that no night opened."""

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "opened": "a night referred a line of the borrower",
        "seen_again": "a later night referred a line of the borrower again",
        "claimed": "somebody took it",
        "released": "whoever had taken it gave it back",
        "evidence_added": "a file was laid beside it",
        "evidence_pruned": "a file beside it was let go: it is kept no longer",
        "decided": "somebody gave an outcome",
        "agreed": "somebody else looked and agrees",
        "disagreed": "somebody else looked and gave another outcome",
        "more_asked": "nothing is decided before more is known",
        "sent_on": "it is to be looked at in another way",
        "escalated": "its day passed: it goes up, and nothing was cut",
        "lapsed": "its day passed, and with it a rise",
        "sent_back": "what was decided cannot stand any more: it is to be decided anew",
        "settled": "a settlement took its outcome in",
        "withdrawn": "there is nobody left to decide on",
        "superseded": "the night that opened it was revised and asks for it no more",
        "reopened": "the borrower asked for it to be looked at again",
    }
)
"""Every kind of event, in words."""
CLOSES = ("settled", "lapsed", "withdrawn", "superseded")
"""The events after which a case is open no longer, until it is reopened."""
GIVES_A_DAY = ("escalated", "sent_on", "reopened")
"""The events that may give a case another due day, as `due_on` of their content; the last one counts."""
AT_ANY_TIME = frozenset({"opened", "seen_again", "withdrawn", "superseded", "evidence_pruned"})
"""What nights, revisions, erasures and prunes do. No person can be in their way."""
ANSWERS = frozenset({"decided", "agreed", "disagreed", "more_asked", "sent_on"})
"""What a reviewer answers of a case."""
BY_PEOPLE = frozenset(WORDS) - AT_ANY_TIME - {"settled"}
"""What may be done to a case by itself; what nights do, and a settlement, comes with their batch."""
THERE_ALREADY = "the file lies beside it already"
"""Why a file is not laid beside a case again: nothing is left to do."""


def after(events: Iterable[Done]) -> Casework:
    """Where a case stands after these events, which were let in one after the other."""
    work = Casework()
    for event in events:
        work = step(work, event)
    return work


def why_not(work: Casework, event: Done) -> str:
    """Why this may not be done to a case that stands so, in words for who wants to; empty: it may."""
    if event.kind not in WORDS:
        raise ValueError(f"no kind of event: {event.kind}")
    if event.kind in AT_ANY_TIME:
        return ""
    if event.kind == "reopened":
        return "" if work.stage is Stage.CLOSED else "it is open already; what the borrower says joins it"
    if work.stage is Stage.CLOSED:
        return "it is closed; an appeal of the borrower reopens it"
    return _REFUSE.get(event.kind, _nothing)(work, event)


def may_answer(work: Casework, by: str) -> bool:
    """Whether this person may decide a case that stands so, or look at it a second time."""
    act = "agreed" if work.stage is Stage.SECOND_LOOK else "decided"
    return work is UNTOUCHED or not why_not(work, Done(act, by))


def may_claim(work: Casework, by: str) -> bool:
    """Whether this person may take a case that stands so, which they do not hold already."""
    return work is UNTOUCHED or not why_not(work, Done("claimed", by))


def step(work: Casework, event: Done) -> Casework:
    """Where the event leaves a case."""
    if event.kind in CLOSES:
        return replace(work, stage=Stage.CLOSED, holder="")
    if event.kind in ANSWERS:
        work = replace(work, last=event)
    return _STEPS.get(event.kind, _as_it_was)(work, event)


def _as_it_was(work: Casework, event: Done) -> Casework:
    return work


def _nothing(work: Casework, event: Done) -> str:
    return ""


def _claim(work: Casework, event: Done) -> str:
    if work.holder:
        return "you hold it already" if _same(work.holder, event.by) else f"{work.holder} has claimed it"
    if work.stage is Stage.READY:
        return "it is decided, and the next settlement takes it in"
    return _not_a_second_look_at_oneself(work, event)


def _release(work: Casework, event: Done) -> str:
    return "" if work.holder else "nobody has claimed it"


def _decide(work: Casework, event: Done) -> str:
    if work.stage is Stage.READY:
        return "it is decided, and the next settlement takes it in"
    if work.stage is Stage.SECOND_LOOK:
        return "it is decided; it waits for somebody else to agree or not"
    return _held_by_another(work, event)


def _look_again(work: Casework, event: Done) -> str:
    if work.stage is not Stage.SECOND_LOOK:
        return "no second look is asked for"
    return _not_a_second_look_at_oneself(work, event) or _held_by_another(work, event)


def _settle(work: Casework, event: Done) -> str:
    if work.stage is Stage.SECOND_LOOK:
        return "somebody else has to look first"
    return "" if work.stage is Stage.READY else "nobody has decided it"


def _lapse(work: Casework, event: Done) -> str:
    if why := _escalate(work, event):
        return why
    if work.appealed:
        return "the borrower asked for it; it goes up"
    return "somebody gave an outcome; it goes up" if work.read else ""


def _escalate(work: Casework, event: Done) -> str:
    return "it is decided" if work.stage is Stage.READY else ""


def _lay(work: Casework, event: Done) -> str:
    sha256, item = _file(event)
    for_any = {each for each in work.beside if each[0] == sha256 and item in ("", each[1])}
    return THERE_ALREADY if for_any else ""


def _file(event: Done) -> tuple[str, str]:
    return str(event.content.get("sha256", "")), str(event.content.get("item", ""))


def _held_by_another(work: Casework, event: Done) -> str:
    other = work.holder and not _same(work.holder, event.by)
    return f"{work.holder} has claimed it" if other else ""


def _not_a_second_look_at_oneself(work: Casework, event: Done) -> str:
    own = work.stage is Stage.SECOND_LOOK and work.decided and _same(work.decided.by, event.by)
    return "you decided it: somebody else has to look" if own else ""


def _same(one: str, other: str) -> bool:
    return not other_than(one, other)


_REFUSE = {
    "claimed": _claim,
    "released": _release,
    "decided": _decide,
    "more_asked": _decide,
    "sent_on": _decide,
    "agreed": _look_again,
    "disagreed": _look_again,
    "settled": _settle,
    "sent_back": _settle,
    "lapsed": _lapse,
    "evidence_added": _lay,
    "escalated": _escalate,
}


def _decided(work: Casework, event: Done) -> Casework:
    asked = bool(event.content.get("second_look"))
    stage = Stage.SECOND_LOOK if asked else Stage.READY
    return replace(work, stage=stage, holder="", decided=event, agreed=None, read=(*work.read, event))


def _agreed(work: Casework, event: Done) -> Casework:
    return replace(work, stage=Stage.READY, holder="", agreed=event, read=(*work.read, event))


def _begun_again(work: Casework, event: Done) -> Casework:
    """Two who disagree leave it to be decided anew, as whoever comes first does; what was read stays."""
    read = (*work.read, event) if event.kind == "disagreed" else work.read
    return replace(work, stage=Stage.WAITING, holder="", decided=None, agreed=None, read=read)


def _asked_anew(work: Casework, event: Done) -> Casework:
    """The same answer once more is another one, and not the file come twice: it is weighed again."""
    return replace(_begun_again(work, event), last=None)


def _reopened(work: Casework, event: Done) -> Casework:
    return replace(_asked_anew(work, event), appealed=True)


def _laid(work: Casework, event: Done) -> Casework:
    return replace(work, beside=work.beside | {_file(event)})


def _let_go(work: Casework, event: Done) -> Casework:
    return replace(work, beside=work.beside - {_file(event)})


_STEPS: Mapping[str, Callable[[Casework, Done], Casework]] = {
    "claimed": lambda work, event: replace(work, holder=event.by),
    "released": lambda work, event: replace(work, holder=""),
    "decided": _decided,
    "agreed": _agreed,
    "disagreed": _begun_again,
    "more_asked": _begun_again,
    "sent_on": _begun_again,
    "escalated": lambda work, event: replace(work, holder=""),
    "sent_back": _asked_anew,
    "reopened": _reopened,
    "evidence_added": _laid,
    "evidence_pruned": _let_go,
}
