"""The decisions of a first night: every line walked to its limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer import law, walk
from benchmarks.peers.pandas_peer.days import day
from benchmarks.peers.pandas_peer.due import due_because
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.limits import capped, claims, settle, stability
from benchmarks.peers.pandas_peer.lines import Facts, Policy, Terms, open_lines, segments, slots
from benchmarks.peers.pandas_peer.losses import expected_loss, rate_losses
from benchmarks.peers.pandas_peer.security import cover_terms
from benchmarks.peers.pandas_peer.whole import Ints, Owned, up
from linewatch.documents import Documents

WRITTEN = (
    "segment",
    "score",
    "pd_bp",
    "grade",
    "due_because",
    "limit_cents",
    *(
        f"after_{step}_cents"
        for step in (
            *("gate", "strategy", "relationship", "affordability"),
            *("expected_loss", "stability", "exposure", "regulation", "floor"),
        )
    ),
    "proposed_limit_cents",
    "action",
)


def decide(
    lender: Lender, documents: Documents, policy: Policy, facts: Facts, cover: pd.DataFrame
) -> pd.DataFrame:
    """A row a line that is not closed: the columns of WRITTEN, its `row` in the source and its `group`."""
    tonight = day(lender.as_of)
    cover = cover_terms(cover, facts.pd_bp, policy, lender.as_of)
    lines = open_lines(lender, facts, cover, policy)
    owned = Owned(lines["owner"].to_numpy(), lender.owned.owners)
    lines["segment"] = segments(lines, policy)
    terms = Terms(policy, lines["segment"].to_numpy())
    lines["slot"] = slots(lines, facts, policy, tonight)
    lines["grade"] = _grades(lines, policy)
    grades = len(walk.ratings(policy)) - len(policy["pol_slot"])
    lines["rating"] = np.where(lines["slot"] >= 0, lines["slot"] + grades, lines["grade"])
    lines["due_because"] = due_because(lines, terms, policy, lender.as_of)
    reporting, rate_ppm = law.rates(lender.source, lender.as_of, lines)
    lines["rate_ppm"] = lines["currency"].map(rate_ppm).astype(np.int64)
    limits = up(lines["limit_cents"] * lines["rate_ppm"], 1_000_000).to_numpy()
    lines["all_limits_cents"] = owned.sum(limits)[owned.owner]

    walk.stand(lines, tonight)
    walk.gate(lines, terms, policy, tonight)
    walk.strategy(lines, terms, policy, tonight)
    walk.relationship(lines, terms, policy)
    walk.affordability(lines, facts, terms, lender.trade, lender.as_of)
    covers = rate_losses(lines, cover, terms, policy)
    expected_loss(lines, covers, terms, owned)
    stability(lines, terms)
    claims(lines)
    by_policy, by_law = law.caps_of(lender, documents, lines, reporting, rate_ppm)
    settle(
        lines,
        terms,
        capped(lines, lender.facility_ids, by_policy),
        capped(lines, lender.facility_ids, by_law),
    )
    return _named(lines, policy)


def _grades(lines: pd.DataFrame, policy: Policy) -> Ints:
    """The place of each line's grade among the policy's grades."""
    rated = walk.ratings(policy)
    grade = np.zeros(len(lines), np.int64)
    for number, subject in enumerate(SUBJECTS):
        bands = sorted(
            (row["pd_from_bp"], rated.index(row["grade"]))
            for row in policy["pol_band"]
            if row["subject"] == subject
        )
        which = (lines["subject"] == number).to_numpy()
        edges = [pd_from for pd_from, _ in bands[1:]]
        place = np.searchsorted(edges, lines["pd_bp"].to_numpy()[which], side="right")
        grade[which] = np.array([name for _, name in bands])[place]
    return grade


def _named(lines: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    names: dict[str, Any] = {
        "segment": [row["segment"] for row in policy["pol_segment"]],
        "grade": walk.ratings(policy),
    }
    for column, of in names.items():
        lines[column] = pd.Categorical.from_codes(lines[column].to_numpy(), of)
    return lines[["row", "owner", "group", *WRITTEN]]
