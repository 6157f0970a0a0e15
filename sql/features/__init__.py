"""The characteristics of every borrower: which statements, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sql.business import build_business
from sql.engine import Cursor
from sql.security import build_covers

STEPS = (
    "own_line",
    "own_now",
    "credit_history",
    "spending",
    "bureau",
    "statement",
    "trade",
    "guarantee_cover",
)
"""Each leaves a table of its name, from accepted tables and the steps before it."""


EVERY_TIE = ({"control_share_bp": 0, "dependence_share_bp": 0, "default_treatments": ["bankruptcy"]},)
"""Without a policy every control link ties its borrowers to one group, and insolvency is a default."""


def build_features(
    db: Cursor,
    currency_scale: Iterable[Mapping[str, Any]],
    control_group: Sequence[Mapping[str, Any]] = EVERY_TIE,
) -> dict[str, int]:
    """Leave `features_consumer` and `features_enterprise` in the cursor's schema; rows by subject.

    Reads `night`, `quarantined_borrower`, and the tables that the cursor sees: the accepted ones under the
    plain names of the contract, and `stg_facility`.
    """
    db.replace("currency_scale", currency_scale)
    db.replace("pol_control_group", control_group)
    db.build("decisions/exposure_group")
    build_covers(db)
    build_business(db)
    for step in STEPS:
        db.build(f"features/{step}")
    return {subject: db.build(f"features/features_{subject}") for subject in ("consumer", "enterprise")}
