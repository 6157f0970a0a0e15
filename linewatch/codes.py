"""docs/codes.md: every code of a decision with its meaning and what it says in Chinese and English."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from linewatch import adverse, checklist
from linewatch.case import KINDS, OUTCOME_REASONS, OUTCOMES
from linewatch.notice import ACTIONS, STEPS, Notices, Words
from linewatch.reasons import GROUNDS, HOLDS, REVIEWED, SCORE_FAMILIES, TRIGGERS

NOTICES = Path(__file__).parent / "notices"

PAGE = """\
# Codes

Every code that may stand in a decision or a case, what it means, and the words that a letter, the queue or
`linewatch explain` uses for it. How the codes come about is told in [policy.md](policy.md); other words of
the field are in [glossary.md](glossary.md).

This page is made by `python -m linewatch.codes > docs/codes.md` from `linewatch/reasons.py`,
`linewatch/adverse.py`, `linewatch/case.py`, `linewatch/checklist.py` and the shipped notices (version
{version}); a test holds it current.

## Actions

The column `action` of a decision.

{actions}

## Steps of the walk

The columns `after_<step>_cents`, `<step>_row` and `<step>_value`, and the entries of `binding_steps`.

{steps}

## Reasons of the score

Families of characteristics. In `reasons` they carry points, the shortfall against the reference.

{families}

## Other reasons

Grounds that are not the score's. In `reasons` they carry cents and no points.

{grounds}

## Reasons of a reviewer

What a person relied on to lower or block a line, as its letter says it; the code is that of the outcome.

{reviewed}

## Holds

`hold_because`: why a line was not changed. A line that stays blocked has the ground of its block there.

{holds}

## Triggers

`triggers`: why a person is asked. When each holds, and what its number means, is in [policy.md](policy.md).

{triggers}

## Adverse action

`adverse_action`: what the law calls what becomes of a line ([policy.md](policy.md#51-what-the-law-calls-it)).

{adverse_actions}

`adverse_change`: what gets worse for the borrower.

{adverse_changes}

`adverse_because`: why it is called so.

{adverse_because}

The `kind` of a ground in `grounds`.

{ground_kinds}

## Kinds of case

What a referred borrower's case asks of people, the most thorough first. A trigger that the policy lets
invite asks for what it invites to.

{kinds}

## Outcomes of a case

What a reviewer may answer.

{outcomes}

## Reasons of an outcome

Why a reviewer answers so; one goes with every outcome.

{outcome_reasons}

## Checklists

What is asked or looked at in a case, by its kind: evidence may name an item of them. An item with triggers is
asked for where the case has one of them.

{checklists}
"""


@cache
def shipped() -> Notices:
    """The newest notices that Linewatch ships."""
    newest = max(NOTICES.glob("*.toml"))
    return Notices.model_validate(tomllib.loads(newest.read_text(encoding="utf-8")))


def page() -> str:
    """docs/codes.md, whole."""
    words = shipped()
    return PAGE.format(
        version=words.version,
        actions=_said(ACTIONS, words.action),
        steps=_said(STEPS, words.step),
        families=_meant(SCORE_FAMILIES, words.reason),
        grounds=_meant(GROUNDS, words.reason),
        reviewed=_meant(REVIEWED, words.reason),
        holds=_meant(HOLDS, words.hold),
        triggers=_meant(TRIGGERS, words.trigger),
        adverse_actions=_pairs(adverse.ACTIONS),
        adverse_changes=_pairs(adverse.CHANGES),
        adverse_because=_pairs(adverse.BECAUSE),
        ground_kinds=_pairs(adverse.KINDS),
        kinds=_table(
            "code | done by | working days | asked for by | 中文 | English",
            (
                (
                    f"`{code}`",
                    kind.team,
                    str(kind.business_days),
                    ", ".join(f"`{trigger}`" for trigger in sorted(kind.triggers)) or "every other trigger",
                    kind.zh,
                    kind.en,
                )
                for code, kind in KINDS.items()
            ),
        ),
        checklists="\n\n".join(_checklist(kind) for kind in KINDS),
        outcomes=_pairs(OUTCOMES),
        outcome_reasons=_pairs(OUTCOME_REASONS),
    )


def _checklist(kind: str) -> str:
    rows = (
        (
            f"`{code}`",
            checklist.TOPICS[item.topic][1],
            ", ".join(f"`{trigger}`" for trigger in sorted(item.triggers)) or "always",
            item.zh,
            item.en,
        )
        for code, item in checklist.items_of(kind).items()
    )
    return f"### {KINDS[kind].en}\n\n" + _table("code | about | asked for by | 中文 | English", rows)


def _said(codes: Iterable[str], words: Mapping[str, Words]) -> str:
    return _pairs({code: (words[code].zh, words[code].en) for code in codes})


def _meant(meanings: Mapping[str, str], words: Mapping[str, Words]) -> str:
    return _table(
        "code | means | 中文 | English",
        ((f"`{code}`", means, words[code].zh, words[code].en) for code, means in meanings.items()),
    )


def _pairs(words: Mapping[str, tuple[str, str]]) -> str:
    return _table("code | 中文 | English", ((f"`{code}`", zh, en) for code, (zh, en) in words.items()))


def _table(heads: str, rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {heads} |", "|" + "---|" * len(heads.split(" | "))]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


if __name__ == "__main__":
    sys.stdout.write(page())
