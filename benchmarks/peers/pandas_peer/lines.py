"""A row a line that is not closed: all that the walk reads of it, in whole cents of its own currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import NEVER, add_months, day, months_until
from benchmarks.peers.pandas_peer.lender import Lender, consents, treated
from benchmarks.peers.pandas_peer.source import flags, is_one_of, numbers, rows_of
from benchmarks.peers.pandas_peer.whole import UNKNOWN, Flags, Ints, Values, newest, pick, where_known

Policy = Mapping[str, Sequence[Mapping[str, Any]]]
EFFECTS = ("freeze", "hold", "no_rise")


@dataclass
class Facts:
    """What was found of each borrower on the way to the scores."""

    group: Ints
    in_default: Flags
    statement: Values
    assessment: Values
    score: Ints
    pd_bp: Ints


class Terms:
    """The policy's terms of each line's segment."""

    def __init__(self, policy: Policy, segment: Ints) -> None:
        self._segments, self.segment = policy["pol_segment"], segment

    def __getitem__(self, name: str) -> Any:
        return np.array([row[name] for row in self._segments])[self.segment]


def open_lines(lender: Lender, facts: Facts, cover: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The open lines by borrower, with `row` the place of each in `lender.facility`."""
    row = np.flatnonzero(lender.facility["is_open"])
    lines = lender.facility.iloc[row].drop(columns=["is_open", "opened_on", "minimum_due_cents"])
    lines = lines.reset_index(drop=True).assign(row=row)
    owner = lines["owner"].to_numpy()
    of_borrower = {
        **_people(lender),
        **_treatments(lender, policy),
        **_known_of(lender, facts),
        "group": facts.group,
        "score": facts.score,
        "pd_bp": facts.pd_bp,
    }
    worst = np.zeros(lender.owned.owners, np.int64)
    np.maximum.at(worst, owner, lines["days_past_due"].to_numpy())
    of_borrower["borrower_dpd"] = worst
    return lines.assign(
        **{name: values[owner] for name, values in of_borrower.items()},
        **{name: values[row] for name, values in _conduct(lender.months).items()},
        **consents(lender).iloc[row].reset_index(drop=True),
        **{name: values[row] for name, values in _projects(lender, policy).items()},
        security_expiring_since=_expiring(lender, cover, policy)[row],
    )


def segments(lines: pd.DataFrame, policy: Policy) -> Ints:
    """The first segment of the policy that fits each line, by its place."""
    tenure, revenue = lines["tenure_months"], lines["revenue_cents"]
    fits = []
    for row in policy["pol_segment"]:
        fit = lines["subject"] == ("consumer", "enterprise").index(row["subject"])
        if row["product"] is not None:
            fit &= lines["product"] == row["product"]
        if row["tenure_below_months"] is not None:
            fit &= (tenure < row["tenure_below_months"]) & (tenure != UNKNOWN)
        if row["revenue_below_cents"] is not None:
            fit &= (revenue < row["revenue_below_cents"]) & (revenue != UNKNOWN)
        fits.append(fit)
    return np.select(fits, np.arange(len(fits), dtype=np.int8)).astype(np.int8)


def slots(lines: pd.DataFrame, facts: Facts, policy: Policy, tonight: int) -> Ints:
    """The slot of each line of a segment that is rated by slot, by its place in the policy; -1 of others."""
    (slotting,) = policy["pol_slotting"]
    reached = [row["from_bp"] for row in policy["pol_slot"] if row["from_bp"] is not None]
    names = [row["slot"] for row in policy["pol_slot"]]
    rated = np.array([row["rated_by"] == "slot" for row in policy["pol_segment"]])[lines["segment"]]
    some = lines[rated]
    owner = some["owner"].to_numpy()
    counts = add_months(facts.assessment["slotted_on"][owner], slotting["assessment_months"]) > tonight
    score = np.zeros(len(some), np.int64)
    for name in ("financial_strength", "political_legal", "transaction", "sponsor", "security"):
        mark = facts.assessment[name][owner]
        known = np.where(counts & (mark != UNKNOWN), mark, slotting["unknown_counts"])
        score += known * slotting[f"{name}_weight_bp"]
    place = np.searchsorted(-np.array(reached), -score)
    by_score = np.where(place < len(reached), place, names.index("weak"))
    failed = facts.in_default[owner] | some["is_in_default_phase"].to_numpy()
    slot = np.full(len(lines), -1, np.int8)
    slot[rated] = np.where(failed, names.index("default"), by_score)
    return slot


def _people(lender: Lender) -> Values:
    borrower, tonight = lender.borrower, day(lender.as_of)
    return {
        "subject": borrower["subject"].to_numpy(),
        "tenure_months": months_until(borrower["onboarded_on"].to_numpy(), lender.as_of),
        "is_identified": borrower["is_identified"].to_numpy(),
        "in_hardship": borrower["hardship_on"].to_numpy() <= tonight,
        "is_deceased": borrower["deceased_on"].to_numpy() <= tonight,
        "fraud": borrower["fraud"].to_numpy().astype(np.int8),
        "income_cents": borrower["income_cents"].to_numpy(),
        "income_is_verified": borrower["income_is_verified"].to_numpy(),
        "income_verified_on": borrower["income_verified_on"].to_numpy(),
    }


def _treatments(lender: Lender, policy: Policy) -> Values:
    owner, kind, holds = treated(lender)
    under = {}
    for effect in EFFECTS:
        kinds = [row["kind"] for row in policy["pol_treatment"] if row["effect"] == effect]
        under[f"is_{effect}_treated"] = found = np.zeros(lender.owned.owners, np.bool_)
        found[owner[holds & is_one_of(kind, *kinds)]] = True
    return under


def _known_of(lender: Lender, facts: Facts) -> Values:
    """Of each borrower: spending, the bureau's word, the books, and the default of another of their group."""
    bureau, trade, statement = lender.bureau, lender.trade, facts.statement
    has_books = statement["has_statement"]
    defaults = np.bincount(facts.group[facts.in_default], minlength=len(facts.group))
    bad_report = (bureau["external_dpd_now_days"] >= 30) | (bureau["public_records"] > 0)
    return {
        "essential_cents": lender.spending["essential_month_cents"],
        "external_payment_cents": bureau["external_payment_cents"],
        "bad_report_on": where_known(bad_report, bureau["bureau_on"]),
        "revenue_cents": np.where(has_books, statement["revenue_year_cents"], trade["trade_revenue_cents"]),
        "statement_came_on": statement["last_received_on"],
        "statement_end_on": statement["period_end"],
        "slotted_on": facts.assessment["slotted_on"],
        "is_group_default": defaults[facts.group] - facts.in_default > 0,
    }


def _conduct(months: Values) -> Values:
    seen, used = months["seen"], months["used"]
    known = np.bitwise_count(seen)
    return {
        "balance_3m_cents": months["balance_0_2"],
        "statements_3m": np.bitwise_count(seen & 7),
        "months_known": known,
        "months_unused": np.where(used > 0, np.bitwise_count((used & -used) - 1), known),
        "worst_dpd_24m": months["dpd_24m"],
        "highest_limit_12m_cents": months["highest_limit_12m"],
    }


def _projects(lender: Lender, policy: Policy) -> Values:
    """Of each line, from its last project report: the day, if it alarms, and whether it says the worst."""
    table = lender.source.read(
        "project_status", "facility_id", "reported_on", "phase", "covenant_breached", "draw_stop"
    )
    (line,) = rows_of(lender.facility_ids, table.column("facility_id"))
    on = numbers(table.column("reported_on"))
    last = newest(line, on, len(lender.facility_ids), on <= day(lender.as_of))
    failed = is_one_of(table.column("phase"), *policy["pol_slotting"][0]["default_phases"])
    alarms = failed | flags(table.column("draw_stop")) | flags(table.column("covenant_breached"))
    return {
        "is_in_default_phase": pick(failed, last, False),
        "project_alarm_on": where_known(pick(alarms, last, False), pick(on, last)),
    }


def _expiring(lender: Lender, cover: pd.DataFrame, policy: Policy) -> Ints:
    """Of each line: the last day on which a cover came so near its end that the policy wants it looked at."""
    since = np.full(len(lender.facility_ids), UNKNOWN)
    for row in policy["pol_expiring"]:
        near_on = np.where(cover["valid_until"] < NEVER, cover["valid_until"] - row["days"], NEVER)
        came = near_on <= day(lender.as_of)
        np.maximum.at(since, cover["line"].to_numpy()[came], near_on[came])
    return since
