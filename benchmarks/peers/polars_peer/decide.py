"""The decisions of a night: the walk of each segment's lines, and the sums between its steps."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from benchmarks.peers.polars_peer import covers, facts, loss, walk
from benchmarks.peers.polars_peer.caps import Cap, capped, exposures
from benchmarks.peers.polars_peer.night import Night
from benchmarks.peers.polars_peer.projects import with_slots
from benchmarks.peers.polars_peer.whole import newest
from linewatch.law import Facts, Law, bounds_in_force

Row = Mapping[str, Any]
Policy = Mapping[str, Sequence[Row]]
Walked = list[tuple[Row, pl.DataFrame]]
WRITTEN = (
    "facility_id",
    "borrower_id",
    "group_id",
    "segment",
    "score",
    "pd_bp",
    "grade",
    "due_because",
    "limit_cents",
    "after_gate_cents",
    "after_strategy_cents",
    "after_relationship_cents",
    "after_affordability_cents",
    "after_expected_loss_cents",
    "after_stability_cents",
    "after_exposure_cents",
    "after_regulation_cents",
    "after_floor_cents",
    "proposed_limit_cents",
    "action",
)
BINDING = (
    "income_known",
    "income_verified",
    "obligations_known",
    "annual_income_least_cents",
    "no_opt_out",
    "no_difficulty",
    "dpd_below_days",
    "identity_verified",
    "debt_income_months",
    "persistent_debt_months",
    "reassess_months",
    "consent_to_amount",
)
"""What a record of law may ask that forbids a rise, blocks drawing or makes a review due."""
BOUNDS = (
    "product",
    "age_group",
    "income_from_cents",
    "income_below_cents",
    "revenue_from_cents",
    "revenue_below_cents",
)
"""Narrower scopes of a cap of law than any that a made-up lender meets."""
EXPOSED = (
    "line",
    "facility_id",
    "borrower",
    "group",
    "jurisdiction",
    "recommend_only",
    "limit_cents",
    "temporary_cents",
    "owed_cents",
    "rate_ppm",
    "after_stability_cents",
)
KEPT = (
    *EXPOSED[:-1],
    "borrower_id",
    *WRITTEN[4:8],
    *WRITTEN[9:13],
    "group_id",
    "drawn_cents",
    "days_past_due",
    "highest_limit_12m_cents",
    "rate_bp",
    "moves",
    "blocks",
    "source_block",
    "consent_given",
    "own_loss_rate_e8",
    "pledged_rate_e8",
    "standing_ead_cents",
    "asked_ead_cents",
)
"""What the steps after affordability read, or write."""


def decide(night: Night) -> None:
    """Leave one row a line that is not closed: each step of its walk, and what is done."""
    policy = night.documents.policy.tables()
    currencies = night.lines.filter("is_open")["currency"].unique().to_list()
    reporting, rates = facts.fx_rates(night.source, night.as_of, currencies)
    lines = facts.segments(night, rates)
    caps, law = bounds_in_force(night.documents, night.as_of, _facts_of_law(night, reporting, rates, lines))
    told = covers.terms(night.covers, pl.concat(night.scores.values()), policy, night.as_of)
    lines = [(p, _wished(night, p, frame, policy, told)) for p, frame in lines]
    lines = _within_appetite(lines, told)
    lines = _within_caps(lines, caps, law)
    night.decisions = pl.concat(_done(p, frame) for p, frame in lines)


def _facts_of_law(night: Night, reporting: str, rates: Mapping[str, int], lines: Walked) -> Facts:
    """What tonight's rows say that records of law need."""
    rates_of = night.source.table("reference_rate", name=pl.String, as_of=pl.Date, rate_bp=pl.Int64)
    known = rates_of.filter(pl.col("as_of") <= night.as_of).filter(newest("as_of", "name")).collect()
    reference = dict(known.select("name", "rate_bp").iter_rows())
    subjects = pl.concat(
        frame.group_by("jurisdiction", "product").agg(lines=pl.len(), borrower_type=pl.lit(p["subject"]))
        for p, frame in lines
    )
    return Facts(reporting, rates, reference, subjects.to_dicts())


def _wished(night: Night, p: Row, lines: pl.DataFrame, policy: Policy, told: pl.DataFrame) -> pl.DataFrame:
    """From the gate to affordability: the limit asked for, and its exposure beside the standing one's."""
    as_of = night.as_of
    slots, (slotting,), (setting,) = policy["pol_slot"], policy["pol_slotting"], policy["pol_setting"]
    rate = pl.col("pd_bp") * p["el_lgd_bp"]
    pledged = pl.col("pd_bp") * min(p["el_lgd_bp"], setting["collateral_lgd_bp"])
    ratings = [grade for _, grade in facts.pd_bands(policy, p["subject"])]
    if p["rated_by"] == "slot":
        lines = with_slots(lines, night.source, as_of, slotting, slots)
        ratings = [slot["slot"] for slot in slots]
        rate = pl.col("slot_el_bp") * 10_000
    nearing = covers.expiring(told, as_of, [row["days"] for row in policy["pol_expiring"]])
    statement_days = [row["days"] for row in policy["pol_statement_expiring"]]
    grid = {
        (row["rating"], row["band"]): row["target_bp"]
        for row in policy["pol_strategy"]
        if row["segment"] == p["segment"]
    }
    due = walk.due_because(p, as_of, statement_days, slotting["default_phases"])
    return (
        lines.lazy()
        .join(nearing.lazy(), on="facility_id", how="left")
        .with_columns(due_because=due, own_loss_rate_e8=rate, pledged_rate_e8=pledged)
        .with_columns(walk.gate(p, as_of, policy["pol_commitment"][0]["freezes"]))
        .with_columns(
            after_gate_cents=walk.after_gate(),
            target_bp=walk.target_bp(p, grid, ratings, policy["pol_utilisation_band"]),
        )
        .with_columns(after_strategy_cents=walk.after_strategy(p, as_of))
        .with_columns(after_relationship_cents=walk.after_relationship(p), capacity_cents=walk.capacity(p))
        .with_columns(after_affordability_cents=walk.after_affordability(p, as_of))
        .with_columns(
            standing_ead_cents=walk.exposure_at_default(p, pl.col("limit_cents")),
            asked_ead_cents=walk.exposure_at_default(p, pl.col("after_affordability_cents")),
        )
        .select(KEPT)
        .collect()
    )


def _within_appetite(lines: Walked, told: pl.DataFrame) -> Walked:
    """Each rise earns its keep, and the lines of a borrower together lose no more than the appetite."""
    rated = ("line", "facility_id", "own_loss_rate_e8", "pledged_rate_e8")
    # A slot has a loss of its own, which no cover lowers.
    of_lines = covers.cheaper(
        told, pl.concat(frame.select(rated) for p, frame in lines if p["rated_by"] != "slot")
    )
    savings = loss.of_points(pl.concat(frame.select("line", *loss.POINTS) for _, frame in lines), of_lines)
    judged = [
        (p, frame.join(savings, on="line", how="left").with_columns(**loss.judged(p))) for p, frame in lines
    ]
    kept = loss.kept(pl.concat(frame.select(loss.READ) for _, frame in judged), of_lines)
    return [
        (
            p,
            frame.join(kept, on="line", how="left")
            .with_columns(after_expected_loss_cents=pl.coalesce("kept_cents", "wished_cents"))
            .with_columns(after_stability_cents=walk.after_stability(p)),
        )
        for p, frame in judged
    ]


def _within_caps(lines: Walked, caps: Sequence[Row], law: Law) -> Walked:
    """The hard caps of the policy, then those of law."""
    exposed = exposures(
        pl.concat(
            frame.select(EXPOSED).with_columns(borrower_type=pl.lit(p["subject"])) for p, frame in lines
        )
    )
    of_policy = capped(exposed, map(_policy_cap, caps), "exposure_limit_cents")
    of_law = capped(exposed, _law_caps(law), "regulation_limit_cents")
    return [
        (
            p,
            frame.join(of_policy, on="line", how="left")
            .join(of_law, on="line", how="left")
            .with_columns(
                after_exposure_cents=pl.min_horizontal("after_stability_cents", "exposure_limit_cents")
            )
            .with_columns(
                after_regulation_cents=pl.min_horizontal("after_exposure_cents", "regulation_limit_cents")
            ),
        )
        for p, frame in lines
    ]


def _policy_cap(row: Row) -> Cap:
    counts = pl.lit(value=True) if row["subject"] is None else pl.col("borrower_type") == row["subject"]
    return Cap(row["scope"], row["cap_cents"], counts)


def _law_caps(law: Law) -> Iterator[Cap]:
    """The caps among the records in force. Of the others, those that a made-up lender meets bind no limit."""
    for row in law.records:
        is_cap = row["type"] == "cap"
        if row["measure"] in BINDING or (is_cap and any(row[bound] is not None for bound in BOUNDS)):
            raise ValueError(f"record {row['record_id']}: must be written in polars first")
        if is_cap:
            countries = [each["jurisdiction"] for each in law.countries if each["pack"] == row["pack"]]
            counts = pl.col("jurisdiction").is_in(countries)
            if row["borrower_type"] is not None:
                counts &= pl.col("borrower_type") == row["borrower_type"]
            yield Cap(row["owner"], row["cap_cents"], counts)


def _done(p: Row, lines: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.lazy()
        .with_columns(
            group_id=pl.coalesce("group_id", "borrower_id"),
            segment=pl.lit(p["segment"]),
            after_floor_cents=walk.floored(),
        )
        .with_columns(proposed_limit_cents=walk.proposed(p))
        .with_columns(action=walk.action())
        .select(WRITTEN)
        .collect()
    )
