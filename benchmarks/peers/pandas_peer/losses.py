"""What rises must earn and what a borrower's lines may cost: hurdle and appetite, with each cover's share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.lines import Terms
from benchmarks.peers.pandas_peer.standing import Policy
from benchmarks.peers.pandas_peer.whole import WHOLE, Flags, Ints, Owned, times, toward_zero, up

NODES = 33
"""Steps from what is drawn (0) over what stands (16) to what is wished (32), each with its loss."""


@dataclass
class Covers:
    """The covers that lower the loss of a line, the cheapest first: a row a turn, a column a covered line."""

    line: Ints
    loss_rate_e8: Ints
    """Of the line without its covers."""
    rate_e8: Ints
    share_bp: Ints
    most_cents: Ints
    days: Ints
    horizon_days: int

    def saved(self, ead_cents: Ints) -> Ints:
        """The unit loss that covers save of an exposure of the covered lines (..., lines)."""
        saved, offered, taken = (np.zeros_like(ead_cents) for _ in range(3))
        for turn in range(len(self.rate_e8)):
            most = np.minimum(times(ead_cents, self.share_bp[turn]), self.most_cents[turn])
            offered += most * self.days[turn] // self.horizon_days
            now = np.minimum(offered, ead_cents)
            saved += (self.loss_rate_e8 - self.rate_e8[turn]) * (now - taken)
            taken = now
        return saved

    def among(self, lines: Ints) -> Covers:
        """Those of some lines, in ascending order, by their place among these."""
        place = np.minimum(np.searchsorted(lines, self.line), max(len(lines) - 1, 0))
        there = lines[place] == self.line if len(lines) else np.zeros(len(self.line), np.bool_)
        return Covers(
            place[there],
            self.loss_rate_e8[there],
            self.rate_e8[:, there],
            self.share_bp[:, there],
            self.most_cents[:, there],
            self.days[:, there],
            self.horizon_days,
        )

    def unit_loss(self, ead_cents: Ints, loss_rate_e8: Ints) -> Ints:
        """Exposure times loss rate (..., lines), less what covers save."""
        loss = ead_cents * loss_rate_e8
        loss[..., self.line] -= self.saved(ead_cents[..., self.line])
        return loss


def rate_losses(lines: pd.DataFrame, cover: pd.DataFrame, terms: Terms, policy: Policy) -> Covers:
    """Leave each line's loss rate, in hundred-millionths of what stands at default; return the covers."""
    slot_el = np.array([row["el_bp"] for row in policy["pol_slot"]])
    slot, pd_bp = lines["slot"].to_numpy(), lines["pd_bp"].to_numpy()
    lgd = terms["el_lgd_bp"]
    lines["loss_rate_e8"] = rate = np.where(slot >= 0, slot_el[slot] * WHOLE, pd_bp * lgd)
    pledged = pd_bp * np.minimum(lgd, policy["pol_setting"][0]["collateral_lgd_bp"])

    row = lines["row"].to_numpy()
    place = np.minimum(np.searchsorted(row, cover["line"]), len(row) - 1)
    cover = cover.assign(
        place=place, rate_e8=np.where(cover["is_pledge"], pledged[place], cover["provider_rate_e8"])
    )
    cheaper = cover[(row[place] == cover["line"]) & (slot[place] < 0) & (cover["rate_e8"] < rate[place])]
    cheaper = cheaper.sort_values(["place", "rate_e8", "guarantee_id"])
    turn = cheaper.groupby("place").cumcount().to_numpy()
    line, column = np.unique(cheaper["place"].to_numpy(), return_inverse=True)
    turns = int(turn.max(initial=-1)) + 1

    def laid(name: str, otherwise: Any) -> Ints:
        values = np.empty((turns, len(line)), np.int64)
        values[:] = otherwise
        values[turn, column] = cheaper[name]
        return values

    horizon = int(cover["horizon_days"].iloc[0]) if len(cover) else 1
    return Covers(
        line,
        rate[line],
        laid("rate_e8", rate[line]),
        laid("share_bp", 0),
        laid("most_cents", 0),
        laid("days", 0),
        horizon,
    )


def expected_loss(lines: pd.DataFrame, covers: Covers, terms: Terms, owned: Owned) -> None:
    """Leave the limits that hurdle and appetite allow. `owned`: the lines by borrower."""
    limit, owed = lines["limit_cents"].to_numpy(), lines["owed_cents"].to_numpy()
    drawn = np.maximum(lines["drawn_cents"].to_numpy(), 0)
    asked, moves = lines["after_affordability_cents"].to_numpy(), lines["moves"].to_numpy()
    rate, ppm, ccf = lines["loss_rate_e8"].to_numpy(), lines["rate_ppm"].to_numpy(), terms["el_ccf_bp"]

    def ead_of(limit_cents: Ints) -> Ints:
        return owed + up(np.maximum(limit_cents - drawn, 0) * ccf, WHOLE)

    asked_ead = ead_of(asked)
    asked_loss = covers.unit_loss(asked_ead, rate)
    cost_bp = np.where(asked_ead > 0, up(asked_loss, np.maximum(asked_ead, 1) * WHOLE), up(rate, WHOLE))
    earned_bp = lines["rate_bp"].to_numpy() - terms["el_funding_bp"] - terms["el_capital_charge_bp"] - cost_bp
    misses = moves & (asked > limit) & (earned_bp < terms["el_hurdle_bp"])
    wished = np.where(misses, limit, asked)
    unit_loss = np.where(misses, covers.unit_loss(ead_of(limit), rate), asked_loss)
    loss = owned.sum(_cents(unit_loss, ppm))

    appetite, owner = terms["el_appetite_cents"], lines["owner"].to_numpy()
    beyond = moves & (loss[owner] > appetite)
    some = np.flatnonzero(owned.any(beyond)[owner])
    standing = np.where(moves, np.minimum(wished, limit), wished)
    kept = wished.copy()
    kept[some] = np.where(
        beyond[some],
        _kept(
            np.where(moves, np.minimum(standing, drawn), wished)[some],
            standing[some],
            wished[some],
            Exposure(
                owed[some], drawn[some], ccf[some], rate[some], ppm[some], owner[some], covers.among(some)
            ),
            appetite[some],
        ),
        wished[some],
    )
    lines["after_expected_loss_cents"] = kept


@dataclass
class Exposure:
    """Some whole borrowers' lines, by borrower: what their exposures and losses are made of."""

    owed: Ints
    drawn: Ints
    ccf_bp: Ints
    loss_rate_e8: Ints
    rate_ppm: Ints
    owner: Ints
    covers: Covers

    def borrowers_loss(self, limit_cents: Ints) -> Ints:
        """Expected loss over all lines of each line's borrower, in reporting cents; limits (nodes, lines)."""
        undrawn = np.maximum(limit_cents - self.drawn, 0)
        ead = self.owed + up(undrawn * self.ccf_bp, WHOLE)
        loss = _cents(self.covers.unit_loss(ead, self.loss_rate_e8), self.rate_ppm)
        is_first = np.diff(self.owner, prepend=-1) != 0
        totals = np.add.reduceat(loss, np.flatnonzero(is_first), axis=1)
        return totals[:, np.cumsum(is_first) - 1]


def _kept(drawn: Ints, standing: Ints, wished: Ints, exposure: Exposure, appetite: Ints) -> Ints:
    """The limits that the appetite leaves, on the straight line from the last node within it to the next.

    What is drawn, where that alone costs more.
    """
    if not len(drawn):
        return drawn
    step = np.arange(NODES)[:, None]
    node = np.where(
        step <= 16,
        drawn + (standing - drawn) * step // 16,
        standing + (wished - standing) * (step - 16) // 16,
    )
    loss = exposure.borrowers_loss(node)
    within: Flags = loss <= appetite
    last = NODES - 1 - np.argmax(within[::-1], axis=0)
    column, further = np.arange(len(drawn)), np.minimum(last + 1, NODES - 1)
    here, cost = node[last, column], loss[last, column]
    next_step = np.maximum(loss[further, column] - cost, 1)
    onward = toward_zero((node[further, column] - here) * (appetite - cost), next_step)
    return np.where(within.any(0) & (last < NODES - 1), here + onward, drawn)


def _cents(unit_loss: Ints, rate_ppm: Ints) -> Ints:
    """Reporting cents, rounded up: unit loss times rate over 10^14, in two parts that int64 holds."""
    whole, rest = np.divmod(unit_loss, 10**8)
    high, low = np.divmod(whole * rate_ppm, 10**6)
    return high + up(low * 10**8 + rest * rate_ppm, 10**14)
