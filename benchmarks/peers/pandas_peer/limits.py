"""The end of the walk: steps at once, hard caps of policy and law, what is owed, and what is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.peers.pandas_peer.lines import Terms
from benchmarks.peers.pandas_peer.whole import BOUNDLESS, Flags, Ints, times, up

MILLION = 1_000_000
ACTIONS = ("freeze", "decrease", "increase", "offer", "hold")
READ = (
    *("owed_cents", "rate_ppm", "wanted_cents", "standing_cents", "headroom_cents"),
    *("freezes", "consent_given"),
)
"""What the caps and the end of the walk read besides the limits."""


@dataclass
class Cap:
    """A hard cap on the limits of some lines, added up by owner, in reporting cents."""

    cents: int
    owner: Ints
    """Of every line: its borrower, the first member of its group, or itself."""
    counts: Flags


def stability(lines: pd.DataFrame, terms: Terms) -> None:
    """Leave how far each line moves at once."""
    limit, aimed, moves = (lines[name] for name in ("limit_cents", "after_expected_loss_cents", "moves"))
    unit, most_used = terms["stab_rounding_cents"], terms["stab_utilisation_after_cut_bp"]
    highest = np.maximum(lines["highest_limit_12m_cents"], limit)
    in_use = np.where(lines["days_past_due"] > 0, 0, up(lines["owed_cents"].to_numpy() * 10_000, most_used))
    least = np.maximum.reduce(
        [
            limit - times(limit, terms["stab_down_review_bp"]),
            highest - times(highest, terms["stab_down_year_bp"]),
            in_use,
        ]
    )
    most = np.minimum(aimed, limit + times(limit, terms["stab_up_review_bp"]))
    cut = np.maximum(aimed // unit, up(least, unit)) * unit
    lines["after_stability_cents"] = np.select(
        [moves & (aimed < limit), moves & (aimed > limit)],
        [np.minimum(limit, cut), np.maximum(limit, most // unit * unit)],
        aimed,
    )


def claims(lines: pd.DataFrame) -> None:
    """Leave each line in reporting cents: as it may be wanted, as it stands, and what of it can be cut."""
    limit, ppm, owed = lines["limit_cents"], lines["rate_ppm"], lines["owed_cents"]
    standing = limit + lines["temporary_cents"]
    wanted = np.maximum(np.maximum(lines["after_stability_cents"], limit) + lines["temporary_cents"], owed)
    lines["wanted_cents"] = up(wanted * ppm, MILLION)
    lines["standing_cents"] = up(standing * ppm, MILLION)
    is_fixed = lines["is_committed"] | lines["is_project"]
    lines["headroom_cents"] = np.where(is_fixed, 0, np.maximum(limit - owed, 0) * ppm // MILLION)


def capped(lines: pd.DataFrame, facility_ids: pa.ChunkedArray, caps: Iterable[Cap]) -> Ints:
    """The lowest limit that any of the caps leaves each line; BOUNDLESS where none is passed."""
    lowest = np.full(len(lines), BOUNDLESS)
    for cap in caps:
        wanted, standing = (np.zeros(int(cap.owner.max(initial=0)) + 1, np.int64) for _ in range(2))
        rows = np.flatnonzero(cap.counts)
        np.add.at(wanted, cap.owner[rows], lines["wanted_cents"].to_numpy()[rows])
        rows = rows[wanted[cap.owner[rows]] > cap.cents]
        if len(rows):
            np.add.at(standing, cap.owner[rows], lines["standing_cents"].to_numpy()[rows])
            cut = np.maximum(standing - cap.cents, 0)[cap.owner[rows]]
            lowest[rows] = np.minimum(
                lowest[rows], _shared(lines.iloc[rows], cap.owner[rows], cut, facility_ids)
            )
    return lowest


def _shared(lines: pd.DataFrame, owner: Ints, cut_cents: Ints, facility_ids: pa.ChunkedArray) -> Ints:
    """Limits after the cut, pro rata to headroom; odd cents by largest remainder, then by facility_id."""
    headroom = lines["headroom_cents"].to_numpy()
    claim = pd.DataFrame({"owner": owner, "headroom": headroom})
    all_headroom = claim.groupby("owner")["headroom"].transform("sum").to_numpy()
    possible = np.minimum(cut_cents, all_headroom)
    # Python's integers: the product of two sums may pass 2^63.
    product = possible.astype(object) * headroom
    share, remainder = np.array([divmod(a, max(b, 1)) for a, b in zip(product, all_headroom, strict=True)]).T
    claim = claim.assign(
        share=share.astype(np.int64),
        remainder=remainder.astype(np.int64),
        facility_id=facility_ids.take(pa.array(lines["row"])).to_pandas(),
    )
    odd = possible - claim.groupby("owner")["share"].transform("sum").to_numpy()
    ordered = claim.sort_values(["owner", "remainder", "facility_id"], ascending=[True, False, True])
    place = ordered.groupby("owner").cumcount().sort_index().to_numpy()
    part, ppm = claim["share"].to_numpy() + (place < odd), lines["rate_ppm"].to_numpy()
    limit = lines["limit_cents"].to_numpy()
    return limit - np.minimum(up(part * MILLION, ppm), np.maximum(limit, 0))


def settle(lines: pd.DataFrame, terms: Terms, by_policy: Ints, by_law: Ints) -> None:
    """Leave the limit proposed after the caps, never below what is owed, and what is done with the line."""
    limit = lines["limit_cents"]
    lines["after_exposure_cents"] = np.minimum(lines["after_stability_cents"], by_policy)
    lines["after_regulation_cents"] = np.minimum(lines["after_exposure_cents"], by_law)
    floor = np.minimum(limit, lines["owed_cents"])
    floored = np.maximum(lines["after_regulation_cents"], floor)
    dead_band = np.maximum(terms["stab_dead_band_cents"], times(limit, terms["stab_dead_band_bp"]))
    is_small = (lines["after_gate_cents"] == limit) & (np.abs(floored - limit) < dead_band)
    hard = np.maximum(np.minimum(limit, np.minimum(by_policy, by_law)), floor)
    proposed = np.where(is_small, hard, floored)
    lines["after_floor_cents"], lines["proposed_limit_cents"] = floored, proposed
    action = np.select(
        [
            lines["freezes"],
            proposed < limit,
            (proposed > limit) & lines["consent_given"],
            proposed > limit,
        ],
        np.arange(4, dtype=np.int8),
        4,
    )
    lines["action"] = pd.Categorical.from_codes(action.astype(np.int8), list(ACTIONS))
