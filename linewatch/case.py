"""Review cases: which kind a trigger asks for, when it is due, what a reviewer may answer."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from linewatch.workdays import workdays_after


@dataclass(frozen=True)
class Kind:
    """A way of looking at a case."""

    team: str
    """Who does it: `linewatch queue export --team`."""
    business_days: int
    triggers: frozenset[str]
    """One of them makes a case this kind; a kind that stands earlier in KINDS goes first."""
    zh: str
    en: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "site_visit": Kind("field", 10, frozenset({"project_line"}), "现场走访", "Site visit"),
        "interview": Kind(
            "contact",
            5,
            frozenset({"fraud_suspected", "complaint_open"}),
            "电话或视频访谈",
            "Interview by telephone or video",
        ),
        "desk_review": Kind("desk", 3, frozenset(), "书面审核", "Desk review"),
    }
)
"""Every kind of case, the most thorough first; the last takes whatever no other claims."""

TEAMS = tuple(kind.team for kind in KINDS.values())

OUTCOMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "approve": ("同意系统建议", "Do what was proposed."),
        "keep": ("维持现有额度", "Keep the limit as it is."),
        "another_limit": ("采用其他额度，请填写新额度", "Another limit: write it in the column New limit."),
        "freeze": ("暂停用款", "Stop new drawings; the limit stays."),
        "ask_more": ("需要补充材料", "Ask for more before deciding."),
        "site_visit": ("转现场走访", "Send somebody to see."),
    }
)
"""What a reviewer may answer, in Chinese and English."""

MEANWHILE = (
    "结案之前暂停新增用款；只有选择“暂停用款”才会继续暂停。",
    "Nobody may draw until this case has ended; only the outcome freeze keeps it so.",
)
"""Of a line on which drawing is stopped while people are asked, in Chinese and English."""

OUTCOME_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "agree_with_model": ("与系统判断一致", "The proposal is right for the reasons it gives."),
        "newer_information": ("有更新的信息", "Something newer is known than the data shows."),
        "data_wrong": ("数据有误", "The data is wrong."),
        "income_verified": ("收入已核实", "Income was verified."),
        "income_lower": ("经核实收入低于记录", "Verified income is lower than on record."),
        "obligations_higher": ("实际负债高于记录", "Obligations are higher than on record."),
        "temporary_difficulty": ("暂时困难", "The difficulty is passing."),
        "security_offered": ("提供了担保", "Security was offered."),
        "conduct_explained": ("异常情况已说明", "What looked wrong was explained."),
        "conduct_confirmed": ("异常情况属实", "What looked wrong is so."),
        "project_on_track": ("项目进展正常", "The project goes as planned."),
        "project_behind": ("项目进展滞后", "The project is behind."),
        "other": ("其他，请在备注中说明", "Something else: write it in the note."),
    }
)
"""Why a reviewer answers so; required with every outcome."""


def kind_of(triggers: Collection[str]) -> str:
    """The kind of case that these triggers ask for. sql/reviews/referred_line.sql does the same in bulk."""
    claims = (name for name, kind in KINDS.items() if kind.triggers & set(triggers))
    return next(claims, list(KINDS)[-1])


def due_on(as_of: date, kind: str, calendar: str) -> date:
    """By when a case opened on `as_of` should be decided, in the working days of a calendar."""
    return workdays_after(calendar, as_of, KINDS[kind].business_days)


def fingerprint(
    batch: str, case_id: str, facility_id: str, limit_cents: int | None, proposed_limit_cents: int | None
) -> str:
    """Ties a row that comes back to the one that was sent: any key or figure changed, another mark."""
    parts = (batch, case_id, facility_id, str(limit_cents), str(proposed_limit_cents))
    told = "".join(f"{len(part.encode())}:{part}" for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
