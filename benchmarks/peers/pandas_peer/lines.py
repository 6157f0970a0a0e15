"""A row a line that is not closed: all that the walk reads of it, in whole cents of its own currency."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import add_months, months_until
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.standing import Policy
from benchmarks.peers.pandas_peer.whole import UNKNOWN, Ints, Values, where_known

OF_LINE = (
    *("owner", "currency", "is_project", "is_committed", "is_revolving", "is_frozen"),
    *("limit_cents", "drawn_cents", "owed_cents", "rate_bp", "matures_on", "days_past_due", "arrears_known"),
    *("statement_day", "changed_on", "asked_by_borrower", "reviewed_on", "source_block", "scheduled_cents"),
    *("temporary_limit_cents", "temporary_until", "rise_consent", "consented_cents", "consent_on"),
    *("is_in_default_phase", "project_alarm_on"),
)
OF_BORROWER = (
    *("subject", "is_identified", "fraud", "income_cents", "income_is_verified", "income_verified_on"),
    *("is_freeze_treated", "is_hold_treated", "is_no_rise_treated", "is_group_default", "in_default"),
    *("external_payment_cents", "score", "pd_bp"),
)
OF_FIRM = {
    "last_received_on": "statement_came_on",
    "period_end": "statement_end_on",
    "slotted_on": "slotted_on",
}


class Terms:
    """The policy's terms of each line's segment."""

    def __init__(self, policy: Policy, segment: Ints) -> None:
        self._segments, self._segment = policy["pol_segment"], segment

    def __getitem__(self, name: str) -> Any:
        return np.array([row[name] for row in self._segments])[self._segment]


def open_lines(block: Lender, policy: Policy) -> pd.DataFrame:
    """The open lines of the block, by borrower; `row` is the place of each among its lines."""
    row = np.flatnonzero(block.lines["is_open"])
    owner = block.lines["owner"][row]
    of_line = {
        **{name: block.lines[name] for name in OF_LINE},
        **_conduct(block.lines),
        "security_expiring_since": _expiring(block, policy),
    }
    firms = _firms(block)
    lines = pd.DataFrame(
        {
            "row": row,
            **{name: values[row] for name, values in of_line.items()},
            **{name: block.people[name][owner] for name in OF_BORROWER},
            **{name: values[owner] for name, values in _people(block).items()},
            **{name: values[owner] for name, values in firms.items()},
        },
        copy=False,
    )
    worst = np.zeros(block.borrowers, lines["days_past_due"].dtype)
    np.maximum.at(worst, owner, lines["days_past_due"].to_numpy())
    lines["borrower_dpd"] = worst[owner]
    lines["segment"] = segments(lines, policy)
    lines["slot"] = slots(lines, block, policy)
    return lines


def segments(lines: pd.DataFrame, policy: Policy) -> Ints:
    """The first segment of the policy that fits each line, by its place."""
    tenure, revenue = lines["tenure_months"], lines["revenue_cents"]
    fits = []
    for row in policy["pol_segment"]:
        fit = lines["subject"] == SUBJECTS.index(row["subject"])
        if row["product"] == "project":
            fit &= lines["is_project"]
        if row["tenure_below_months"] is not None:
            fit &= (tenure < row["tenure_below_months"]) & (tenure != UNKNOWN)
        if row["revenue_below_cents"] is not None:
            fit &= (revenue < row["revenue_below_cents"]) & (revenue != UNKNOWN)
        fits.append(fit)
    return np.select(fits, np.arange(len(fits), dtype=np.int8)).astype(np.int8)


def slots(lines: pd.DataFrame, block: Lender, policy: Policy) -> Ints:
    """The slot of each line of a segment that is rated by slot, by its place in the policy; -1 of others."""
    (slotting,) = policy["pol_slotting"]
    names = [row["slot"] for row in policy["pol_slot"]]
    reached = np.array([row["from_bp"] for row in policy["pol_slot"] if row["from_bp"] is not None])
    rated = np.array([row["rated_by"] == "slot" for row in policy["pol_segment"]])[lines["segment"]]
    some = lines[rated]
    firm = np.searchsorted(block.firms["owner"], some["owner"])
    slotted_on = block.firms["slotted_on"][firm]
    counts = add_months(slotted_on, slotting["assessment_months"]) > block.tonight
    score = np.zeros(len(some), np.int64)
    for name in ("financial_strength", "political_legal", "transaction", "sponsor", "security"):
        mark = block.firms[name][firm]
        known = np.where(counts & (mark != UNKNOWN), mark, slotting["unknown_counts"])
        score += known * slotting[f"{name}_weight_bp"]
    place = np.searchsorted(-reached, -score)
    by_score = np.where(place < len(reached), place, names.index("weak"))
    failed = some["in_default"] | some["is_in_default_phase"]
    slot = np.full(len(lines), -1, np.int8)
    slot[rated] = np.where(failed, names.index("default"), by_score)
    return slot


def _people(block: Lender) -> Values:
    people = block.people
    bad_report = (people["external_dpd_now_days"] >= 30) | (people["public_records"] > 0)
    return {
        "tenure_months": months_until(people["onboarded_on"], block.as_of),
        "in_hardship": people["hardship_on"] <= block.tonight,
        "is_deceased": people["deceased_on"] <= block.tonight,
        "essential_cents": people["essential_month_cents"],
        "bad_report_on": where_known(bad_report, people["bureau_on"]),
    }


def _firms(block: Lender) -> Values:
    """Of each borrower, UNKNOWN of consumers."""
    firms = block.firms
    has_books = firms["has_statement"]
    of = {name: firms[source] for source, name in OF_FIRM.items()}
    of["revenue_cents"] = np.where(has_books, firms["revenue_year_cents"], firms["trade_revenue_cents"])
    spread = {name: np.full(block.borrowers, UNKNOWN) for name in of}
    for name, values in of.items():
        spread[name][firms["owner"]] = values
    return spread


def _conduct(lines: Values) -> Values:
    seen, used = lines["seen"], lines["used"]
    known = np.bitwise_count(seen)
    return {
        "balance_3m_cents": lines["balance_0_2"],
        "statements_3m": np.bitwise_count(seen & 7),
        "months_known": known,
        "months_unused": np.where(used > 0, np.bitwise_count((used & -used) - 1), known),
        "worst_dpd_24m": lines["dpd_24m"],
        "highest_limit_12m_cents": lines["highest_limit_12m"],
    }


def _expiring(block: Lender, policy: Policy) -> Ints:
    """Of each line: the last day on which a cover came so near its end that the policy wants it looked at."""
    since = np.full(len(block.lines["owner"]), UNKNOWN)
    line, until = block.cover["line"].to_numpy(), block.cover["valid_until"].to_numpy()
    for row in policy["pol_expiring"]:
        near_on = until - row["days"]
        came = near_on <= block.tonight
        np.maximum.at(since, line[came], near_on[came])
    return since
