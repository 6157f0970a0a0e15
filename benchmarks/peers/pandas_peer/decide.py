"""The decisions of a first night: every line walked to its limit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer import law, limits, losses, walk
from benchmarks.peers.pandas_peer.due import due_because
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.lines import Terms, open_lines
from benchmarks.peers.pandas_peer.read import Names
from benchmarks.peers.pandas_peer.security import cover_terms
from benchmarks.peers.pandas_peer.standing import Policy
from benchmarks.peers.pandas_peer.whole import Ints, Owned, up
from linewatch.documents import Documents

STEPS = (
    *("gate", "strategy", "relationship", "affordability", "expected_loss", "stability"),
    *("exposure", "regulation", "floor"),
)
WRITTEN = (
    *("segment", "score", "pd_bp", "grade", "due_because", "limit_cents"),
    *(f"after_{step}_cents" for step in STEPS),
    *("proposed_limit_cents", "action"),
)
WALKED = (
    *("segment", "grade", "score", "pd_bp", "due_because", "limit_cents"),
    *(f"after_{step}_cents" for step in STEPS[:6]),
    *limits.READ,
)


def decide(lender: Lender, names: Names, documents: Documents, policy: Policy) -> pd.DataFrame:
    """A row a line that is not closed: the columns of WRITTEN; `row`, `owner` and `group` in the source."""
    lender.cover = cover_terms(lender.cover, lender.people["pd_bp"], policy, lender.as_of)
    bounds = law.Bounds(lender, names, documents)
    lines = pd.concat(
        lender.each_block(lambda block: walked(block, policy, bounds.rate_ppm)), ignore_index=True
    )
    lines["row"] = np.flatnonzero(lender.lines["is_open"])
    lines["owner"] = lender.lines["owner"][lines["row"]]
    lines["group"] = lender.people["group"][lines["owner"]]
    by_policy, by_law = (limits.capped(lines, names.facility_ids, caps) for caps in bounds.caps(lines))
    limits.settle(lines, Terms(policy, lines["segment"].to_numpy()), by_policy, by_law)
    for column, of in (
        ("segment", [row["segment"] for row in policy["pol_segment"]]),
        ("grade", walk.ratings(policy)),
    ):
        lines[column] = pd.Categorical.from_codes(lines[column].to_numpy(), of)
    return lines


def walked(block: Lender, policy: Policy, rate_ppm: Ints) -> pd.DataFrame:
    """The open lines of a block, as far as each walks without regard to the lines of other borrowers."""
    lines = open_lines(block, policy)
    terms = Terms(policy, lines["segment"].to_numpy())
    lines["rate_ppm"] = rate_ppm[lines["currency"]]
    owned = Owned(lines["owner"].to_numpy(), block.borrowers)
    in_reporting = up(lines["limit_cents"] * lines["rate_ppm"], limits.MILLION).to_numpy()
    lines["all_limits_cents"] = owned.sum(in_reporting)[owned.owner]
    lines["grade"] = _grades(lines, policy)
    grades = len(walk.ratings(policy)) - len(policy["pol_slot"])
    lines["rating"] = np.where(lines["slot"] >= 0, lines["slot"] + grades, lines["grade"])
    lines["due_because"] = due_because(lines, terms, policy, block.as_of)
    walk.stand(lines, block.tonight)
    walk.gate(lines, terms, policy, block.tonight)
    walk.strategy(lines, terms, policy, block.tonight)
    walk.relationship(lines, terms, policy)
    walk.affordability(lines, block, terms)
    covers = losses.rate_losses(lines, block.cover, terms, policy)
    losses.expected_loss(lines, covers, terms, owned)
    limits.stability(lines, terms)
    limits.claims(lines)
    return lines[list(dict.fromkeys(WALKED))]


def _grades(lines: pd.DataFrame, policy: Policy) -> Ints:
    """The place of each line's grade among the policy's grades."""
    rated = walk.ratings(policy)
    grade = np.zeros(len(lines), np.int8)
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
