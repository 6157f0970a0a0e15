"""Conditions of documents as statements: the one place where SQL is put together rather than kept in a file.

What comes in is not a document's text. It was read by linewatch/expression.py against an allow-list and
written anew from the allowed operations, with columns that we name; here it is only set into a fixed frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sql.engine import Cursor

NAME = re.compile(r"[a-z][a-z0-9_]*")
RULE_FRAME = """\
select
    lines.facility_id,
    list_filter([{cases}], lambda name: name is not null) as rules
from lines
left join features_consumer on lines.borrower_id = features_consumer.borrower_id
left join features_enterprise on lines.borrower_id = features_enterprise.borrower_id
where coalesce(({any_met}), false)
order by lines.facility_id"""
SEGMENT_FRAME = """\
select
    segment_fact.facility_id,
    segment_fact.ordinal
from (
    select segment_fact.*, unnest([{names}]) as ordinal, unnest([{met}]) as is_met
    from segment_fact
) as segment_fact
where segment_fact.is_met
order by segment_fact.facility_id, segment_fact.ordinal"""
PICK_FRAME = """\
select decisions.facility_id
from decisions
where coalesce({met}, false)
order by decisions.facility_id"""

Condition = tuple[str, str]
"""A name of ours, and the condition as SQL over the frame's columns."""


def build_rules(db: Cursor, rules: Sequence[Condition]) -> int:
    """Leave `rule_met`: one row a line that meets a rule, with the names of those it meets, in order."""
    if not rules:
        db.create("schema/rule_met")
        return 0
    cases = ", ".join(f"case when coalesce({sql}, false) then '{_name(name)}' end" for name, sql in rules)
    any_met = " or ".join(f"coalesce({sql}, false)" for _, sql in rules)
    return db.build_written("rule_met", RULE_FRAME.format(cases=cases, any_met=any_met))


def build_segments(db: Cursor, segments: Sequence[tuple[int, str]]) -> int:
    """Leave `segment_met`: one row a line and segment (by ordinal) whose condition it meets."""
    if not segments:
        db.create("schema/segment_met")
        return 0
    return db.build_written(
        "segment_met",
        SEGMENT_FRAME.format(
            names=", ".join(str(int(ordinal)) for ordinal, _ in segments),
            met=", ".join(f"coalesce({sql}, false)" for _, sql in segments),
        ),
    )


def build_picked(db: Cursor, met: str) -> int:
    """Leave `picked_line`: the lines of `decisions` that meet a condition over its columns."""
    return db.build_written("picked_line", PICK_FRAME.format(met=met))


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a rule")
    return name
