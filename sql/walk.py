"""The limit walk as an order of statements: facts, lines, steps, decisions, and the reasons behind them.

Most steps are views; a step stands as a table where several statements read it back (STANDING), as does
every sum over a borrower or a group. Looking for reasons runs the same statements in the schema `aside`,
over the groups in which a line falls and with one step switched off, or on, at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sql.business import build_business
from sql.conditions import build_rules, build_segments
from sql.engine import Cursor
from sql.security import build_covers

POLICY_TABLES = (
    "pol_segment",
    "pol_band",
    "pol_utilisation_band",
    "pol_strategy",
    "pol_treatment",
    "pol_trigger",
    "pol_rule",
    "pol_slot",
    "pol_slotting",
    "pol_commitment",
    "pol_control_group",
    "pol_statement_expiring",
    "pol_setting",
    "pol_provider_grade",
    "pol_valuation_haircut",
    "pol_expiring",
)
FACTS = (
    "fx_latest",
    "exposure_group",
    "group_quarantined",
    "line_conduct",
    "change_12m",
    "latest_bureau",
    "trade_revenue",
    "essential_spend",
    "treatment_now",
    "consent_now",
    "objection_now",
    "device_share",
    "project_now",
    "borrower_default",
    "segment_fact",
)
LAW = ("law_debt", "law_persistent_debt", "law_bound", "law_line", "law_claim")
LOSSES = (
    "line_loss",
    "borrower_loss",
    "node_ead",
    "node/covered_ead",
    "saving",
    "loss_at_node",
    "limit_kept",
)
EXPOSURE = (
    "exposure_of_line",
    "exposure_total",
    "breach",
    "law_breach",
    "breach_line",
    "headroom_cut",
    "cap_of_line",
)
STANDING = ("strategy", "ead", "hurdle", "stability", "floor")
"""The steps kept as tables. A view over all the steps before it costs more to plan than to compute."""
SWITCHED = ("gate", "strategy", "affordability", "expected_loss", "exposure", "regulation")
"""The steps that may lower a limit: each can be switched off to see what it does."""


Rows = Sequence[Mapping[str, Any]]


class Law(Protocol):
    """Rows of `law_record` and `law_country`."""

    @property
    def records(self) -> Rows: ...

    @property
    def countries(self) -> Rows: ...


def prepare(
    db: Cursor,
    policy: Mapping[str, Rows],
    caps: Rows,
    immediate: Rows = (),
    law: Law | None = None,
) -> None:
    """Leave the policy's tables, its hard caps, `lines` (a row a line not closed), and the law of each.

    `immediate` are the documents that make reviews due (linewatch.documents.immediate_rows).
    """
    for table in POLICY_TABLES:
        db.replace(table, policy[table])
    db.replace("cap", caps)
    db.replace("immediate_document", immediate)
    build_business(db)
    for fact in FACTS:
        db.build(f"decisions/{fact}")
    build_covers(db)
    for statement in ("default_now", "provider_quarantined", "cover", "security_now"):
        db.build(f"decisions/{statement}")
    build_segments(
        db, [(row["ordinal"], row["condition"]) for row in policy["pol_segment"] if row["condition"]]
    )
    db.build("decisions/line_segment")
    for statement in ("line_slot", "lines", "line_risk"):
        db.build(f"decisions/{statement}")
    build_rules(db, list({row["name"]: row["condition"] for row in policy["pol_rule"]}.items()))
    db.build("decisions/line_rule")
    db.replace("law_record", law.records if law else ())
    db.replace("law_country", law.countries if law else ())
    db.build("decisions/law_borrower")
    db.view("decisions/law_scope")
    for fact in LAW:
        db.build(f"decisions/{fact}")


def walk(db: Cursor, *, on: Sequence[str] = SWITCHED, law: bool = True) -> None:
    """Leave every step from `walk_gate` to `walk_floor`, with the named steps switched on."""

    def step(name: str) -> None:
        leave = db.build if name in STANDING else db.view
        leave(f"decisions/walk_{name}")

    db.replace("switches", [{**{name: name in on for name in SWITCHED}, "law": law}])
    for name in ("gate", "strategy", "relationship", "affordability", "ead"):
        step(name)
    for total in ("wished/covered_ead", "saving"):
        db.build(f"decisions/{total}")
    step("hurdle")
    for total in LOSSES:
        db.build(f"decisions/{total}")
    for name in ("expected_loss", "stability"):
        step(name)
    for total in EXPOSURE:
        db.build(f"decisions/{total}")
    for name in ("exposure", "regulation", "floor"):
        step(name)


def act(db: Cursor) -> None:
    """Leave `walk_action`: what is done with each line of `lines`, before anybody asks why."""
    db.build("decisions/own_lines")
    for step in ("standing", "due", "grade"):
        db.view(f"decisions/walk_{step}")
    walk(db)
    db.view("decisions/walk_action")


def decide(db: Cursor, aside: Cursor) -> int:
    """Leave `decisions` with their reasons; return how many. `aside` is a cursor of that schema."""
    act(db)
    db.build("decisions/trigger_of_segment")
    db.build("decisions/decided")
    db.build("decisions/cover_part")
    _walk_without_law(db, aside)
    _find_grounds(db, aside)
    for statement in ("ground", "wanted_borrower", "security_missed", "slot_reason"):
        db.build(f"decisions/{statement}")
    db.build("scores/points")
    for statement in ("family_shortfall", "score_needed", "band_would_keep", "reason_of_ground", "reasons"):
        db.build(f"decisions/{statement}")
    db.create("schema/draft_failed")
    db.view("decisions/carried")
    db.build("decisions/absent")
    return db.build("decisions/decisions")


def _walk_without_law(db: Cursor, aside: Cursor) -> None:
    """Leave `law_outcome`: where the groups that the law bound would end with no record in force."""
    db.create("schema/law_outcome")
    if db.build("decisions/law_tried"):
        _set_aside(aside, "aside_law")
        others = [step for step in SWITCHED if step != "regulation"]
        walk(aside, on=others, law=False)
        aside.extend("law_outcome", "decisions/law_free")


def _set_aside(aside: Cursor, which: str) -> None:
    """Leave the lines of some groups in the schema aside, ready to be walked again."""
    aside.build(f"decisions/{which}/lines")
    aside.build("decisions/own_lines")
    aside.view("decisions/walk_standing")
    aside.view("decisions/walk_due")
    aside.build("decisions/walk_grade")


def _find_grounds(db: Cursor, aside: Cursor) -> None:
    """Leave `ground_outcome`: where each falling line would end without a step, and with that step alone.

    A step that moved none of these lines is not left out: nothing would change. Alone it may still bind,
    hidden behind another; not the gate, behind which nothing stands. Where covers of an anchor lapsed,
    expected loss is tried once more with them (kind `secured`).
    """
    db.create("schema/ground_outcome")
    lapsed = db.build("decisions/lapsed_cover")
    aside.drop("line_risk")
    if not db.build("decisions/ground_line"):
        return
    _set_aside(aside, "aside")
    moved = {row["step"] for row in db.rows("decisions/binding_step")}
    for step in SWITCHED:
        others = [other for other in SWITCHED if other != step]
        for kind, on in (("without", others), ("alone", [step])):
            if step in moved or (kind == "alone" and step != "gate"):
                walk(aside, on=on)
                aside.extend("ground_outcome", "decisions/variant_outcome", tried_step=step, tried_kind=kind)
    if lapsed:
        aside.build("decisions/aside/line_risk")
        walk(aside, on=["expected_loss"])
        aside.extend(
            "ground_outcome", "decisions/variant_outcome", tried_step="expected_loss", tried_kind="secured"
        )
