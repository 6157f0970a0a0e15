"""The walk of each line from its gate to what its borrower can carry (docs/policy.md)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import add_months
from benchmarks.peers.pandas_peer.lender import FRAUD, Lender
from benchmarks.peers.pandas_peer.lines import Terms
from benchmarks.peers.pandas_peer.standing import Policy
from benchmarks.peers.pandas_peer.whole import BOUNDLESS, UNKNOWN, WHOLE, Flags, Ints, Values, times, up

FIRM = (
    *("has_statement", "statement_age_months", "trade_months", "trade_age_months"),
    *("cash_flow_year_cents", "debt_service_due_12m_cents", "ebit_year_cents", "interest_year_cents"),
)


def stand(lines: pd.DataFrame, tonight: int) -> None:
    """Leave what stands beside each limit: the temporary addition, and how far the borrower's word goes."""
    limit = lines["limit_cents"]
    lines["temporary_cents"] = np.where(
        lines["temporary_until"] >= tonight, np.maximum(lines["temporary_limit_cents"] - limit, 0), 0
    )
    consented = lines["consented_cents"]
    lines["consent_given"] = (lines["rise_consent"] == 1) & ((consented == UNKNOWN) | (consented > limit))
    asked = lines["asked_by_borrower"]
    agreed_since = asked & (lines["consent_on"] > lines["changed_on"]) & (lines["changed_on"] != UNKNOWN)
    lines["asks_no_more"] = asked & ~agreed_since
    agreed = np.where(lines["consent_given"] & (consented != UNKNOWN), consented, BOUNDLESS)
    lines["ceiling_cents"] = np.where(lines["asks_no_more"], np.minimum(agreed, limit), agreed)


def gate(lines: pd.DataFrame, terms: Terms, policy: Policy, tonight: int) -> None:
    """Leave whether a line moves, may rise and is blocked, and its limit after the gate."""
    fraud = lines["fraud"]
    blocks = {
        "deceased": lines["is_deceased"],
        "first_party_fraud": fraud == FRAUD.index("first_party"),
        "default_90_dpd": lines["borrower_dpd"] >= 90,
        "treatment_bankruptcy": lines["is_freeze_treated"],
        "fraud_victim_block": fraud == FRAUD.index("victim"),
        "matured": terms["matured_blocks"] & (lines["matures_on"] < tonight),
    }
    block = np.select(list(blocks.values()), np.arange(len(blocks), dtype=np.int8), -1)
    freezes = np.array([name in policy["pol_commitment"][0]["freezes"] for name in blocks])
    recommend_only = lines["is_committed"] | lines["is_project"]
    lines["freezes"] = (block >= 0) & (~recommend_only | freezes[block]) & ~lines["source_block"]
    lines["moves"] = ~(
        (block >= 0)
        | lines["is_frozen"]
        | lines["source_block"]
        | lines["is_hold_treated"]
        | lines["due_because"].isna()
        | (~lines["is_revolving"] & ~recommend_only & (lines["scheduled_cents"] < BOUNDLESS))
    )
    limit = lines["limit_cents"]
    lines["may_rise"] = ~(
        (lines["days_past_due"] > 0)
        | (lines["borrower_dpd"] > 0)
        | ~lines["arrears_known"]
        | (lines["owed_cents"] > limit + lines["temporary_cents"])
        | lines["in_hardship"]
        | lines["is_no_rise_treated"]
        | (fraud == FRAUD.index("suspected"))
        | ~lines["is_identified"]
        | lines["asks_no_more"]
        | (lines["rise_consent"] == 0)
        | (lines["matures_on"] <= tonight)
        | ~lines["is_revolving"]
        | recommend_only
    )
    follows = lines["moves"] & recommend_only & ~lines["is_revolving"]
    lines["after_gate_cents"] = np.where(follows, np.minimum(limit, lines["scheduled_cents"]), limit)


def strategy(lines: pd.DataFrame, terms: Terms, policy: Policy, tonight: int) -> None:
    """Leave the limit that the matrix asks for: a share of the limit by segment, rating and utilisation."""
    limit, gated, moves = lines["limit_cents"], lines["after_gate_cents"], lines["moves"]
    room = limit + lines["temporary_cents"]
    mean = lines["balance_3m_cents"] // np.maximum(lines["statements_3m"].astype(np.int64), 1)
    used_bp = mean * WHOLE // np.maximum(room, 1)
    from_bp = [row["from_bp"] for row in policy["pol_utilisation_band"]]
    band = np.searchsorted(from_bp[1:], used_bp, side="right")
    band[(lines["statements_3m"] == 0) | (room <= 0)] = len(from_bp)
    target = _targets(policy)[lines["segment"], lines["rating"], band]
    unused = (
        (lines["months_unused"] >= terms["unused_months"])
        & (lines["months_known"] >= terms["unused_months"])
        & (lines["drawn_cents"] <= 0)
    )
    target = np.where(unused, np.minimum(terms["unused_target_bp"], target), target)
    cools = add_months(lines["changed_on"].to_numpy(), terms["stab_cool_off_up_months"]) > tonight
    falls = moves & (target < WHOLE)
    rises = moves & (target > WHOLE) & lines["may_rise"] & ~cools
    aimed = times(limit, target)
    lines["after_strategy_cents"] = np.select(
        [falls, rises], [np.minimum(gated, aimed), np.maximum(gated, aimed)], gated
    )


def _targets(policy: Policy) -> Ints:
    """By segment, rating and band; the whole where the policy has no cell, and in the band after the last."""
    names = [row["segment"] for row in policy["pol_segment"]]
    bands = [row["band"] for row in policy["pol_utilisation_band"]]
    rated = ratings(policy)
    targets = np.full((len(names), len(rated), len(bands) + 1), WHOLE)
    for row in policy["pol_strategy"]:
        cell = names.index(row["segment"]), rated.index(row["rating"]), bands.index(row["band"])
        targets[cell] = row["target_bp"]
    return targets


def ratings(policy: Policy) -> list[str]:
    """Every grade, then every slot."""
    grades = sorted({row["grade"] for row in policy["pol_band"]})
    return [*grades, *(row["slot"] for row in policy["pol_slot"])]


def relationship(lines: pd.DataFrame, terms: Terms, policy: Policy) -> None:
    """Leave what a long good customer keeps or gains, ended at what the borrower agreed to or asked for."""
    limit, gated, aimed = lines["limit_cents"], lines["after_gate_cents"], lines["after_strategy_cents"]
    is_long_good = (
        lines["moves"]
        & (lines["tenure_months"] >= terms["rel_tenure_months"])
        & (lines["days_past_due"] == 0)
        & (lines["worst_dpd_24m"] == 0)
    )
    rated = ratings(policy)
    favoured = np.array([[name in row["rel_grades"] for name in rated] for row in policy["pol_segment"]])
    relief = times(np.maximum(limit, gated) - aimed, terms["rel_cut_relief_bp"])
    kept = np.select(
        [
            is_long_good & (aimed < gated),
            is_long_good & (aimed > gated) & favoured[lines["segment"], lines["grade"]],
        ],
        [np.minimum(gated, aimed + relief), aimed + times(limit, terms["rel_extra_step_bp"])],
        aimed,
    )
    lines["after_relationship_cents"] = np.minimum(kept, np.maximum(gated, lines["ceiling_cents"]))


def affordability(lines: pd.DataFrame, block: Lender, terms: Terms) -> None:
    """Leave the limit that the borrower can carry: it bounds rises, and cuts only on proof."""
    is_firm = (lines["subject"] == 1).to_numpy()
    all_lines, bars = np.full(len(lines), UNKNOWN), np.zeros(len(lines), np.bool_)
    _people_carry(lines, terms, np.flatnonzero(~is_firm), all_lines)
    _firms_carry(lines, block.firms, terms, np.flatnonzero(is_firm), all_lines, bars)
    limit, asked, moves = lines["limit_cents"], lines["after_relationship_cents"], lines["moves"]
    others = np.maximum(up(lines["all_limits_cents"] * 1_000_000, lines["rate_ppm"]) - limit, 0)
    is_known = all_lines != UNKNOWN
    capacity = np.maximum(np.where(is_known, all_lines, 0) - others, 0)
    recent = add_months(lines["income_verified_on"].to_numpy(), terms["aff_verified_within_months"])
    may_cut = (
        ~is_firm
        & terms["aff_cuts"]
        & lines["income_is_verified"]
        & (recent >= block.tonight)
        & (lines["essential_cents"] != UNKNOWN)
    )
    rises = asked > limit
    is_short = is_known & (capacity < asked)
    lines["after_affordability_cents"] = np.select(
        [
            ~moves,
            rises & (bars | ~is_known),
            is_short & may_cut,
            is_short & rises,
        ],
        [asked, limit, capacity, np.maximum(limit, capacity)],
        asked,
    )


def _people_carry(lines: pd.DataFrame, terms: Terms, rows: Ints, all_lines: Ints) -> None:
    income, payment, essential = (
        lines[name].to_numpy()[rows] for name in ("income_cents", "external_payment_cents", "essential_cents")
    )
    known = np.flatnonzero((income != UNKNOWN) & (payment != UNKNOWN))
    rows, income, payment, essential = rows[known], income[known], payment[known], essential[known]
    essential = np.where(
        essential == UNKNOWN, times(income, terms["aff_essential_share_bp"][rows]), essential
    )
    left = times(income, terms["aff_income_share_bp"][rows]) - payment - essential
    left -= terms["aff_buffer_cents"][rows]
    all_lines[rows] = left * WHOLE // terms["aff_minimum_payment_bp"][rows]


def _firms_carry(
    lines: pd.DataFrame, firms: Values, terms: Terms, rows: Ints, all_lines: Ints, bars: Flags
) -> None:
    """Books and invoices are in the currency of the line: no rate between them."""
    firm = np.searchsorted(firms["owner"], lines["owner"].to_numpy()[rows])
    of = {name: firms[name][firm] for name in FIRM}
    months, age = of["trade_months"], of["trade_age_months"]
    is_traded = (
        (months >= terms["aff_trade_months_least"][rows])
        & (age < terms["aff_trade_age_months"][rows])
        & (months != UNKNOWN)
    )
    known = of["has_statement"] | is_traded
    revenue = np.where(known, lines["revenue_cents"].to_numpy()[rows], 0)
    all_lines[rows] = np.where(known, times(revenue, terms["aff_revenue_share_bp"][rows]), UNKNOWN)

    def misses(income: str, charge: str, cover: str) -> Flags:
        return (of[charge] > 0) & (of[income] * WHOLE < of[charge] * terms[cover][rows])

    bars[rows] = ~known | (
        of["has_statement"]
        & (
            (of["statement_age_months"] > terms["aff_statement_months"][rows])
            | misses("cash_flow_year_cents", "debt_service_due_12m_cents", "aff_debt_service_cover_bp")
            | misses("ebit_year_cents", "interest_year_cents", "aff_interest_cover_bp")
        )
    )
