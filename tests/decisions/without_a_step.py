"""Documents and rows under which a lowering step cannot lower: what grounds are checked against (ADR 7).

Nothing here switches a step of the walk off, as production does beside the night: the step runs, and finds
a matrix that keeps every limit, an appetite without end, no cap. Only falling lines may be asked, as a rise
that a step bounds is bounded here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from linewatch.documents import Documents
from linewatch.policy import Policy
from linewatch.segment import Segment

STEPS = ("gate", "strategy", "affordability", "expected_loss", "exposure", "regulation")
ENDLESS_CENTS = 10**15

Proposals = Mapping[str, int]
Propose = Callable[[frozenset[str]], Proposals]
"""Where each line would end if these steps could lower nothing."""
Grounds = dict[str, list[tuple[str, int]]]


def documents_without(documents: Documents, steps: Iterable[str]) -> Documents:
    """All but the gate's, which lowers by rows and no document: `scheduled_without`."""
    for step in steps:
        if step == "regulation":
            documents = replace(documents, packs=_without_caps(documents))
        elif step != "gate":
            documents = replace(documents, policy=POLICIES[step](documents.policy))
    return documents


def scheduled_without(scheduled_cents: int | None) -> int | None:
    """A schedule that has come to no step yet."""
    return None if scheduled_cents is None else ENDLESS_CENTS


def _without_strategy(policy: Policy) -> Policy:
    keeps = tuple(
        row.model_copy(update={"target_bp": dict.fromkeys(row.target_bp, 10_000)}) for row in policy.strategy
    )
    return replaced_in_segments(policy, "long_unused", target_bp=10_000).model_copy(
        update={"strategy": keeps}
    )


def replaced_in_segments(policy: Policy, part: str, **numbers: object) -> Policy:
    """The policy with other numbers in one part of every segment."""

    def changed(segment: Segment) -> Segment:
        return segment.model_copy(update={part: getattr(segment, part).model_copy(update=numbers)})

    return policy.model_copy(update={"segment": tuple(changed(segment) for segment in policy.segment)})


def _without_caps(documents: Documents) -> dict[str, object]:
    return {
        name: pack.model_copy(update={"record": tuple(each for each in pack.record if each.type != "cap")})
        for name, pack in documents.packs.items()
    }


POLICIES: Mapping[str, Callable[[Policy], Policy]] = {
    "strategy": _without_strategy,
    "affordability": lambda policy: replaced_in_segments(policy, "affordability", cuts=False),
    "expected_loss": lambda policy: replaced_in_segments(
        policy, "expected_loss", appetite_cents=ENDLESS_CENTS
    ),
    "exposure": lambda policy: policy.model_copy(update={"exposure_cap": ()}),
}


def grounds(limits: Mapping[str, int], propose: Propose, steps: Sequence[str] = STEPS) -> Grounds:
    """Of each of these lines, which fall: its grounds with what each takes alone, the largest first.

    No other steps than these are tried.
    """
    tonight = propose(frozenset())
    found: Grounds = {name: [] for name in limits}
    for step in steps:
        without, alone = propose(frozenset({step})), propose(frozenset(STEPS) - {step})
        for name, limit in limits.items():
            if without[name] > tonight[name] or alone[name] < limit:
                found[name].append((step, limit - alone[name]))
    return {
        name: sorted(steps, key=lambda ground: (-ground[1], STEPS.index(ground[0])))
        for name, steps in found.items()
    }
