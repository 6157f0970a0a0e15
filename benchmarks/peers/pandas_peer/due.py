"""Why the review of each line is due tonight: first sight, the segment's cycle, or a dated event."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import add_months, day
from benchmarks.peers.pandas_peer.lines import Terms
from benchmarks.peers.pandas_peer.standing import Policy
from benchmarks.peers.pandas_peer.whole import UNKNOWN, Flags, Ints

LOOKED_BACK_DAYS = 31
"""How far back a first night looks for dated events."""


def due_because(lines: pd.DataFrame, terms: Terms, policy: Policy, as_of: date) -> pd.Categorical:
    """The first cause by name; missing where the review is not due."""
    tonight = day(as_of)
    since = tonight - LOOKED_BACK_DAYS
    reviewed = lines["reviewed_on"].to_numpy()
    cycle = terms["cycle"]

    def came(name: str) -> Flags:
        return (lines[name] > since) & (lines[name] <= tonight)

    rated_by_slot = lines["slot"] >= 0
    causes = {
        "first_sight": reviewed == UNKNOWN,
        "statement": (cycle == "statement") & (_last_statement_on(lines, as_of) > reviewed),
        "annual": (cycle == "annual") & (add_months(reviewed, 12) <= tonight),
        "arrears_bucket": lines["days_past_due"] >= 30,
        "bureau_alert": came("bad_report_on"),
        "statement_received": came("statement_came_on"),
        "income_received": came("income_verified_on"),
        "consent_received": came("consent_on"),
        "security_expiring": lines["security_expiring_since"] > since,
        "statement_expiring": _statement_is_expiring(lines, terms, policy, since, tonight),
        "group_default": lines["is_group_default"],
        "project_alert": rated_by_slot & (lines["project_alarm_on"] > since),
        "assessment_received": rated_by_slot & (lines["slotted_on"] > since),
        "temporary_limit_ended": (lines["temporary_until"] >= since) & (lines["temporary_until"] < tonight),
    }
    place = np.select(list(causes.values()), np.arange(len(causes), dtype=np.int8), -1)
    return pd.Categorical.from_codes(place.astype(np.int8), list(causes))


def _last_statement_on(lines: pd.DataFrame, as_of: date) -> Ints:
    before = as_of.replace(day=1) - timedelta(days=1)

    def in_month(on: date) -> Ints:
        last = monthrange(on.year, on.month)[1]
        return day(on.replace(day=1)) - 1 + np.minimum(lines["statement_day"].to_numpy(), last)

    this_month = in_month(as_of)
    return np.where(this_month <= day(as_of), this_month, in_month(before))


def _statement_is_expiring(
    lines: pd.DataFrame, terms: Terms, policy: Policy, since: int, tonight: int
) -> Flags:
    months = terms["aff_statement_months"]
    some = np.flatnonzero((months > 0) & (lines["statement_end_on"] != UNKNOWN))
    stale_on = add_months(lines["statement_end_on"].to_numpy()[some], months[some] + 1)
    expiring = np.zeros(len(lines), np.bool_)
    for row in policy["pol_statement_expiring"]:
        near_on = stale_on - row["days"]
        expiring[some] |= (near_on > since) & (near_on <= tonight)
    return expiring
