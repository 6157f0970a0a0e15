"""Adverse action: whether what becomes of a line must be told as such, and why (Regulation B, 1002.2(c)).

`classify` is the whole rule. The statements of a night read it as rows (`rules`), so that there is no second
one; what they put in is kept with each decision (docs/policy.md, section 5.1).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain, combinations
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field

from linewatch.segment import FROZEN, Share

ADVERSE, EXEMPT, NOT_ADVERSE = "adverse", "exempt", "not_adverse"

ACTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        ADVERSE: ("不利行动", "adverse action"),
        EXEMPT: ("变差，但依法不属于不利行动", "worse, and exempt"),
        NOT_ADVERSE: ("没有变差", "nothing gets worse"),
    }
)
CHANGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "decrease": ("额度下调", "the limit falls"),
        "freeze": ("暂停用款", "drawing is stopped"),
        "meanwhile": ("人工复核期间暂停用款", "drawing is stopped while people are asked"),
        "request": ("提额申请未获满足", "more was asked for than is given"),
    }
)
"""What gets worse for the borrower."""
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "agreed": ("借款人已明示同意", "the borrower agreed to it expressly"),
        "class_wide": (
            "同类账户（几乎）全部作同一变更",
            "all or substantially all of a class of accounts get the same",
        ),
        "delinquency": ("本账户当前违约或逾期", "default or current delinquency on this very account"),
        "inactivity": ("本账户长期未用", "inactivity of this very account"),
        "other": ("其他", "anything else"),
    }
)
"""What kind of ground it is: of all but `other` the law says that it makes no adverse action."""
BECAUSE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "nothing_worse": ("没有任何变差之处", "nothing of the line gets worse"),
        "request_refused": (
            "借款人申请提额，未给到申请的数额",
            "the borrower asked for more and is not given it",
        ),
        "asked_meanwhile": (
            "人工复核期间暂停用款，事由尚未确定",
            "drawing is stopped while people are asked: what for is not settled",
        ),
        "no_ground": ("查不出依据", "no ground was found: who does not know tells"),
        "own_ground": (
            "至少一项依据不属于豁免情形",
            "at least one ground is none of those that the law exempts",
        ),
        "agreed": ("全部依据均为借款人已同意", "the borrower agreed to it"),
        "class_wide": ("同类账户作同一变更", "the same is done to substantially all of a class"),
        "delinquency": ("全部依据均为本账户当前违约或逾期", "this account is in default or delinquent now"),
        "inactivity": ("全部依据均为本账户长期未用", "this account is not used"),
        "several_exempt": ("各项依据分属不同的豁免情形", "every ground is exempt, of more than one kind"),
    }
)


class Classified(NamedTuple):
    """What it is, and the code of why."""

    action: str
    because: str


class ClassWide(BaseModel):
    """When a change is one of a whole class: the open lines of a product, kind of borrower and country."""

    model_config = FROZEN

    class_share_bp: Annotated[Share, Field(gt=5_000, le=10_000)]
    """Share of the class that the same ground takes the same part of the limit from, on one night."""
    class_least_lines: Annotated[int, Field(ge=2)]
    """A class of fewer lines is none: a change to a handful of accounts is a change to each of them."""
    because: str


def classify(change: str | None, kinds: Collection[str]) -> Classified:
    """What a change is, `kinds` being those of all its grounds.

    Exempt only where every ground is known and exempt; whatever is not understood is adverse, and told.
    """
    if change is None:
        return Classified(NOT_ADVERSE, "nothing_worse")
    if change == "request":
        return Classified(ADVERSE, "request_refused")
    if change == "meanwhile":
        return Classified(ADVERSE, "asked_meanwhile")
    if not kinds:
        return Classified(ADVERSE, "no_ground")
    found = set(kinds)
    if change not in CHANGES or not found <= KINDS.keys() - {"other"}:
        return Classified(ADVERSE, "own_ground")
    return Classified(EXEMPT, found.pop() if len(found) == 1 else "several_exempt")


def rules() -> list[dict[str, Any]]:
    """`classify` for every input, as rows of sql/schema/pol_adverse.sql; kinds in order, a + between."""
    listed = sorted(KINDS)
    every = chain.from_iterable(combinations(listed, many) for many in range(len(listed) + 1))
    return [
        {
            "adverse_change": change,
            "kinds": "+".join(kinds),
            "adverse_action": found.action,
            "adverse_because": found.because,
        }
        for kinds in every
        for change in CHANGES
        for found in [classify(change, kinds)]
    ]
