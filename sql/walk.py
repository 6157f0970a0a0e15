"""The limit walk as an order of statements: facts, lines, steps, decisions, and the reasons behind them.

Most steps are views; a step stands as a table where several statements read it back (STANDING), as does
every sum over a borrower or a group. Looking for reasons runs the same statements in the schema `aside`
(sql/variants.py), over the groups in which a line falls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sql import own_cut
from sql import variants as others
from sql.business import build_business
from sql.conditions import build_rules, build_segments
from sql.engine import Cursor, names_in
from sql.security import build_covers
from sql.variants import TONIGHT, Variant

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
    "pol_adverse",
)
CLASSIFYING = ("pol_setting", "pol_adverse")
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
    "promise_now",
)
LAW = ("law_debt", "law_persistent_debt", "law_bound", "law_line", "law_claim")
ORDER = (
    "walk_gate",
    "walk_strategy",
    "walk_relationship",
    "walk_affordability",
    "walk_ead",
    "wished/covered_ead",
    "saving",
    "walk_hurdle",
    "line_loss",
    "borrower_loss",
    "node_ead",
    "node/covered_ead",
    "saving",
    "loss_at_node",
    "limit_kept",
    "walk_expected_loss",
    "walk_stability",
    "exposure_of_line",
    "exposure_total",
    "breach",
    "law_breach",
    "breach_line",
    "headroom_cut",
    "cap_of_line",
    "walk_exposure",
    "walk_regulation",
    "walk_floor",
)
"""From what a line is tonight (`walk_grade`) to the limit proposed for it."""
STANDING = ("walk_strategy", "walk_ead", "walk_hurdle", "walk_stability", "walk_floor")
"""The steps kept as tables. A view over all the steps before it costs more to plan than to compute."""
AFTER = (
    "walk_action",
    "decided",
    "cover_part",
    "law_tried",
    "ground_line",
    "step_moved",
    "ground",
    "security_missed",
    "slot_reason",
    "score_needed",
    "band_would_keep",
    "reason_of_ground",
    "ground_list",
    "reasons",
    "carried",
    "unclassed",
)
"""What reads the end of the walk, or `decided`, by the names of columns."""
KEY = frozenset({"facility_id"})


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
    if not db.has("past_promise"):
        db.create("schema/past_promise")
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
    db.create("schema/reviewed")
    for table in ("given_due", "grade_fall"):
        if not db.has(table):
            db.create(f"schema/{table}")


def walk(
    db: Cursor,
    *,
    variants: Sequence[Variant] = (TONIGHT,),
    readers: Sequence[str] = AFTER,
    find_grade_falls: bool = False,
) -> None:
    """Leave every step from `walk_gate` to `walk_floor`, of every line by the variant that it carries.

    With `find_grade_falls` stability is taken twice where need be: what its cuts do to the grade is known
    once they are. Else `grade_fall` stands already.

    The tables are narrow. Of what is known of a line before the walk they carry what a later step names,
    and of what the steps find that and what the `readers` name: `walk_floor` is what the walk found.
    """
    facts = frozenset(db.columns("walk_grade"))
    found = names_in(f"decisions/{reader}" for reader in readers) - facts
    db.replace("switches", [variant.switches for variant in variants])
    for place, statement in enumerate(ORDER):
        path = f"decisions/{statement}"
        if statement in STANDING:
            names = KEY | found | names_in(f"decisions/{later}" for later in ORDER[place + 1 :])
            db.build_narrow(path, names)
            if statement == "walk_stability" and find_grade_falls and own_cut.find(db):
                db.build_narrow(path, names)
        elif statement.startswith("walk_"):
            db.view(path)
        else:
            db.build(path)


def act(db: Cursor, *, find_grade_falls: bool = True) -> None:
    """Leave `walk_action`: what is done with each line of `lines`, before anybody asks why.

    Without `find_grade_falls` it stands already whose grade falls (`grade_fall`), and nobody is scored.
    """
    if find_grade_falls:
        db.create("schema/grade_fall")
    db.build("decisions/own_lines")
    for step in ("standing", "due"):
        db.view(f"decisions/walk_{step}")
    names = names_in(f"decisions/{each}" for each in (*ORDER, *AFTER)) | names_in([own_cut.READS])
    db.build_narrow("decisions/walk_grade", names)
    walk(db, find_grade_falls=find_grade_falls)
    db.view("decisions/walk_action")


def decide(db: Cursor, aside: Cursor, draft_failed: Rows = ()) -> int:
    """Leave `decisions` with their reasons; return how many. `aside` is a cursor of that schema.

    Lines of `draft_failed` (facility_id, why) are referred: their letters could not be written.
    """
    act(db)
    db.build("decisions/trigger_of_segment")
    db.build_narrow("decisions/decided", names_in(f"decisions/{reader}" for reader in AFTER))
    db.build("decisions/cover_part")
    _walk_aside(db, aside)
    for statement in ("ground", "wanted_borrower", "security_missed", "slot_reason"):
        db.build(f"decisions/{statement}")
    db.view("scores/points")
    for statement in (
        "family_shortfall",
        "score_needed",
        "band_would_keep",
        "reason_of_ground",
        "reasons",
        "ground_list",
    ):
        db.build(f"decisions/{statement}")
    db.replace("draft_failed", draft_failed)
    db.view("decisions/carried")
    db.build("decisions/absent")
    return decide_routes(db)


def decide_routes(db: Cursor) -> int:
    """Leave `decisions` of what was walked and `draft_failed`; return how many."""
    lines = db.build("decisions/unclassed")
    classify(db)
    return lines


def classify(db: Cursor) -> None:
    """Leave `decisions` over `unclassed`, which has every line of the book: how many get the same is known.

    Reads the tables CLASSIFYING of the policy.
    """
    for statement in ("class_ground", "class_share"):
        db.build(f"decisions/{statement}")
    _call(db)


def classify_as_counted(db: Cursor, counted: Path) -> None:
    """Leave `decisions` anew by what a night counted of its classes: some of its lines are not here."""
    db.drop("class_share")
    db.parquet("class_share", [counted])
    _call(db)


def _call(db: Cursor) -> None:
    db.build("decisions/classed")
    db.drop("decisions")
    db.view("decisions/decisions")


def decide_untold(db: Cursor) -> int:
    """Leave `decisions` without reasons, of lines that nobody is told about; return how many."""
    act(db)
    db.build("decisions/trigger_of_segment")
    db.build_narrow("decisions/decided", names_in(f"decisions/{reader}" for reader in AFTER))
    db.build("decisions/cover_part")
    db.create("schema/law_outcome")
    db.build("advice/reasons")
    db.build("advice/ground_list")
    db.create("schema/draft_failed")
    db.view("decisions/carried")
    lines = db.build("decisions/unclassed")
    db.raw.execute(f"create or replace view {db.schema}.decisions as from {db.schema}.unclassed")
    return lines


def _walk_aside(db: Cursor, aside: Cursor) -> None:
    """Leave where lines would end by other variants of the walk: `ground_outcome` and `law_outcome`."""
    tried = others.prepare(db)
    names = names_in(f"decisions/{each}" for each in (*ORDER, *others.READERS, *others.STATEMENTS))
    for some in others.portions(db, tried):
        aside.replace("variant", [variant.row for variant in some])
        aside.build_narrow("decisions/aside/walk_grade", KEY | names)
        for copy in others.STATEMENTS:
            aside.build(f"decisions/{copy}")
        walk(aside, variants=some, readers=others.READERS)
        aside.extend("ground_outcome", "decisions/variant_outcome")
        aside.extend("law_outcome", "decisions/law_free")
