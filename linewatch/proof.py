"""The root of a batch: one hash over its decisions, the same whatever threads or machine decided them.

The canonical rows are made by sql/records/canonical_decisions.sql; docs/adr says why they look so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

VERSION = 1
"""Stands first in every canonical row; another order or meaning of fields is another version."""
FIELDS = (
    "facility_id",
    "borrower_id",
    "group_id",
    "segment",
    "product",
    "currency",
    "jurisdiction",
    "borrower_type",
    "scorecard",
    "score",
    "pd_bp",
    "grade",
    "unknown_share_bp",
    "due",
    "due_because",
    "next_due_on",
    "limit_cents",
    "source_limit_cents",
    "limit_origin",
    "drawn_cents",
    "owed_cents",
    "days_past_due",
    "utilisation_bp",
    "utilisation_band",
    "anchor_limit_cents",
    "anchor_on",
    "after_gate_cents",
    "gate_row",
    "gate_value",
    "after_strategy_cents",
    "strategy_row",
    "strategy_value",
    "after_relationship_cents",
    "relationship_row",
    "relationship_value",
    "after_affordability_cents",
    "affordability_row",
    "affordability_value",
    "after_expected_loss_cents",
    "expected_loss_row",
    "expected_loss_value",
    "after_stability_cents",
    "stability_row",
    "stability_value",
    "after_exposure_cents",
    "exposure_row",
    "exposure_value",
    "after_regulation_cents",
    "regulation_row",
    "regulation_value",
    "after_floor_cents",
    "floor_row",
    "floor_value",
    "proposed_limit_cents",
    "binding_steps",
    "binding_step",
    "rate_bp",
    "proposed_rate_bp",
    "action",
    "route",
    "triggers",
    "rules",
    "reasons",
    "reasons_truncated",
    "hold_because",
    "effective_on",
    "test_digit",
    "quarantined",
    "drawdown_blocked",
    "committed_limit_cents",
    "own_block",
    "improve_reviews",
    "next_anchor_limit_cents",
    "next_anchor_on",
    "fired_target_bp",
    "fired_on",
    "plan_open",
    "last_decrease_on",
    "last_increase_on",
    "reviewed_on",
    "looked_at_on",
    "looked_at_dpd",
    "offered_on",
    "standing_grade",
    "band_limit_cents",
    "law_limit_cents",
    "temporary_cents",
    "block_lifted",
    "block_shown",
    "expected_on",
    "offered_limit_cents",
    "offer_until",
    "customer_limit_cents",
    "customer_limit_on",
)
"""What a canonical row holds after the version, in this order."""


def root_of(chunks: Iterable[Any]) -> str:
    """SHA-256, in hex, of canonical rows in the order of facility_id, given as bytes in any pieces."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
