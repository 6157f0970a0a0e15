"""Who belongs together, who is in default, and the covers of lines that count tonight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.peers.pandas_peer.days import NEVER, add_months, day, months_until
from benchmarks.peers.pandas_peer.source import is_known, is_one_of, numbers, place_in
from benchmarks.peers.pandas_peer.standing import in_force
from benchmarks.peers.pandas_peer.whole import UNKNOWN, WHOLE, Flags, Ints, pick

Rows = Sequence[Mapping[str, Any]]
MOST_CENTS = 10**13
LINK = ("borrower_id", "related_borrower_id", "kind", "share_bp", "valid_from", "valid_until")
GUARANTEE = (
    *("facility_id", "guarantee_id", "kind", "provider_id", "provider_grade", "covered_share_bp"),
    *("cap_cents", "value_cents", "valued_on", "valid_from", "valid_until", "status"),
)
UNVALUED = 2**31 - 1
"""Months since a valuation of which nobody knows when it was."""


def exposure_groups(
    table: pa.Table, one: Ints, other: Ints, borrowers: int, policy: Mapping[str, Rows], as_of: date
) -> Ints:
    """The first member of each borrower's control group: themselves, where nothing ties them to another.

    `one` and `other`: the borrowers whom each row ties.
    """
    (terms,) = policy["pol_control_group"]
    share = numbers(table.column("share_bp"), WHOLE)
    depends = is_one_of(table.column("kind"), "economic_dependence")
    least = np.where(depends, terms["dependence_share_bp"], terms["control_share_bp"])
    ties = in_force(table, as_of) & (share >= least)
    one, other = one[ties], other[ties]
    first = np.arange(borrowers)
    while True:
        lower = np.minimum(first[one], first[other])
        nearer = first.copy()
        np.minimum.at(nearer, one, lower)
        np.minimum.at(nearer, other, lower)
        nearer = nearer[nearer]
        if np.array_equal(nearer, first):
            return first
        first = nearer


def covers(
    table: pa.Table, line: Ints, provider: Ints, borrower: Ints, group: Ints, is_void: Flags, as_of: date
) -> pd.DataFrame:
    """A row a cover that counts tonight, by line, of open and closed ones.

    `line`, `provider` and `borrower` are those of each row; `is_void`: of each borrower, whether their word
    covers nothing.
    """
    is_pledge = is_one_of(table.column("kind"), "collateral")
    status = table.column("status")
    stands_apart = (provider < 0) | ((group[provider] != group[borrower]) & ~is_void[provider])
    counts = (
        in_force(table, as_of)
        & (is_one_of(status, "active") | ~is_known(status))
        & (is_pledge | stands_apart)
    )
    rows = np.flatnonzero(counts)
    rows = rows[np.argsort(line[rows], kind="stable")]
    return pd.DataFrame(
        {
            "line": line[rows],
            "guarantee_id": table.column("guarantee_id").take(pa.array(rows)).to_pandas(),
            "is_pledge": is_pledge[rows],
            "provider": provider[rows],
            "grade": place_in(table.column("provider_grade"), ["A", "B", "C", "D"])[rows],
            "share_bp": np.clip(numbers(table.column("covered_share_bp"), 0)[rows], 0, WHOLE),
            "cap_cents": numbers(table.column("cap_cents"), MOST_CENTS)[rows],
            "value_cents": numbers(table.column("value_cents"))[rows],
            "valued_months": months_until(numbers(table.column("valued_on")), as_of)[rows],
            "valid_until": numbers(table.column("valid_until"), NEVER)[rows],
        }
    )


def cover_terms(cover: pd.DataFrame, pd_bp: Ints, policy: Mapping[str, Rows], as_of: date) -> pd.DataFrame:
    """The covers as the policy weighs them: `most_cents`, `days` of `horizon_days`, `provider_rate_e8`."""
    tonight = day(as_of)
    horizon = int(add_months(np.array([tonight]), policy["pol_setting"][0]["horizon_months"])[0])
    grades = {row["grade"]: row for row in policy["pol_provider_grade"]}
    graded = [grades[name] for name in ("A", "B", "C", "D", "unknown")]
    grade_pd, grade_lgd = (np.array([row[key] for row in graded]) for key in ("pd_bp", "lgd_bp"))
    own_pd = pick(pd_bp, cover["provider"].to_numpy(), 0)
    haircuts = policy["pol_valuation_haircut"]
    months = cover["valued_months"].replace(UNKNOWN, UNVALUED).to_numpy()
    edges = [row["above_months"] for row in haircuts if row["above_months"] is not None]
    haircut = np.array([row["haircut_bp"] for row in haircuts])[np.searchsorted(edges, months)]
    value = cover["value_cents"].clip(lower=0) * (WHOLE - haircut) // WHOLE
    return cover.assign(
        most_cents=np.where(cover["is_pledge"], np.minimum(cover["cap_cents"], value), cover["cap_cents"]),
        days=np.minimum(cover["valid_until"], horizon) - tonight,
        horizon_days=horizon - tonight,
        provider_rate_e8=np.where(
            cover["is_pledge"],
            UNKNOWN,
            np.maximum(grade_pd[cover["grade"]], own_pd) * grade_lgd[cover["grade"]],
        ),
    )
