"""The limit walk of one segment, whose policy is plain numbers: from tonight's limit to the one asked for."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from benchmarks.peers.polars_peer.whole import last_due, over, shift, up

Row = Mapping[str, Any]
BP = 10_000
LATEST = 31
"""Days back to the last look at a line that no night has seen yet."""


def due_because(p: Row, as_of: date, statement_days: list[int], default_phases: list[str]) -> pl.Expr:
    """Why a review is due tonight; null where it is not."""
    since = as_of - timedelta(days=LATEST)
    reviewed = pl.col("reviewed_on")

    def came(day: str) -> pl.Expr:
        return (pl.col(day) > since) & (pl.col(day) <= as_of)

    reasons: dict[str, pl.Expr] = {"first_sight": reviewed.is_null()}
    if p["cycle"] == "statement":
        reasons["statement"] = _last_statement_on(as_of) > reviewed
    else:
        reasons["annual"] = reviewed <= last_due(as_of, 12)
    reasons["arrears_bucket"] = pl.col("days_past_due") >= 30
    reasons["bureau_alert"] = came("bureau_on") & (
        (pl.col("external_dpd_now_days") >= 30) | (pl.col("public_records") > 0)
    )
    if p["subject"] == "enterprise":
        reasons["statement_received"] = came("last_received_on")
    reasons["income_received"] = came("income_verified_on")
    reasons["consent_received"] = came("consent_on")
    reasons["security_expiring"] = pl.col("security_expiring_since") > since
    if p["aff_statement_months"] > 0:
        months = p["aff_statement_months"] + 1
        ended = pl.col("period_end")
        reasons["statement_expiring"] = pl.any_horizontal(
            (ended > last_due(since + timedelta(days=days), months))
            & (ended <= last_due(as_of + timedelta(days=days), months))
            for days in statement_days
        )
    reasons["group_default"] = pl.col("group_default")
    if p["rated_by"] == "slot":
        alarm = pl.col("draw_stop") | pl.col("covenant_breached") | pl.col("phase").is_in(default_phases)
        reasons["project_alert"] = (pl.col("reported_on") > since) & alarm
        reasons["assessment_received"] = pl.col("slotted_on") > since
    ended = pl.col("temporary_until")
    reasons["temporary_limit_ended"] = (ended >= since) & (ended < as_of)
    return pl.coalesce(pl.when(met).then(pl.lit(reason)) for reason, met in reasons.items())


def _last_statement_on(as_of: date) -> pl.Expr:
    """The last statement day on or before `as_of`; a month that is too short has it on its last day."""
    day = pl.col("statement_day").fill_null(1)
    first = as_of.replace(day=1)
    before = shift(first, -1)
    of_month = day.clip(upper_bound=(shift(first, 1) - first).days)
    of_before = day.clip(upper_bound=(first - before).days)
    this = pl.lit(first) + pl.duration(days=of_month - 1)
    return (
        pl.when(of_month <= as_of.day).then(this).otherwise(pl.lit(before) + pl.duration(days=of_before - 1))
    )


def gate(p: Row, as_of: date, freezes: list[str]) -> list[pl.Expr]:
    """What blocks drawing, what keeps a line from moving, what forbids a rise."""
    fraud = pl.col("fraud_flag")
    matures = pl.col("matures_on")
    block = (
        pl.when("is_deceased")
        .then(pl.lit("deceased"))
        .when(fraud == "first_party")
        .then(pl.lit("first_party_fraud"))
        .when(pl.col("borrower_dpd") >= 90)
        .then(pl.lit("default_90_dpd"))
        .when(pl.col("freeze_kind").is_not_null())
        .then("treatment_" + pl.col("freeze_kind"))
        .when(fraud == "victim")
        .then(pl.lit("fraud_victim_block"))
    )
    if p["matured_blocks"]:
        block = block.when(matures < as_of).then(pl.lit("matured"))
    may_rise = ~pl.any_horizontal(
        (pl.col("days_past_due") > 0) | (pl.col("borrower_dpd") > 0),
        ~pl.col("arrears_known"),
        pl.col("owed_cents") > pl.col("limit_cents") + pl.col("temporary_cents"),
        "in_hardship",
        "forbids_rise",
        (fraud == "suspected").fill_null(False),
        ~pl.col("is_identified"),
        (pl.col("customer_limit_cents") <= pl.col("limit_cents")).fill_null(False),
        (~pl.col("rise_consent")).fill_null(False),
        (matures <= as_of).fill_null(False) | ~pl.col("is_revolving"),
        "recommend_only",
    )
    stops = block.is_not_null() | pl.col("is_frozen") | pl.col("holds") | pl.col("due_because").is_null()
    return [
        (block.is_not_null() & (~pl.col("recommend_only") | block.is_in(freezes))).alias("blocks"),
        (~stops).alias("moves"),
        may_rise.alias("may_rise"),
    ]


def after_gate() -> pl.Expr:
    """The limit, save of a project that moves: it follows its schedule."""
    follows = pl.col("moves") & pl.col("recommend_only") & ~pl.col("is_revolving")
    scheduled = pl.min_horizontal("limit_cents", "scheduled_limit_cents")
    return pl.when(follows).then(scheduled).otherwise(pl.col("limit_cents"))


def target_bp(
    p: Row, grid: Mapping[tuple[str, str], int], ratings: Sequence[str], bands: Sequence[Row]
) -> pl.Expr:
    """The matrix's target, as a share of the limit, for rating and utilisation, or of a line long unused."""
    room = over(pl.col("limit_cents")) + pl.col("temporary_cents")
    statements = pl.col("statements_3m")
    used_bp = pl.col("balance_3m_cents") // statements * BP // room
    band = pl.sum_horizontal((used_bp >= row["from_bp"]).cast(pl.Int32) for row in bands) - 1
    cells = pl.Series(
        [grid.get((rating, row["band"]), BP) for rating in ratings for row in bands], dtype=pl.Int64
    )
    rated = pl.when((statements > 0) & (room > 0)).then(pl.col("rating").cast(pl.Int32) * len(bands) + band)
    target = pl.lit(cells).gather(rated).fill_null(BP)
    months = p["unused_months"]
    unused = (pl.col("months_unused") >= months) & (pl.col("months_known") >= months) & ~pl.col("is_drawn")
    return pl.when(unused).then(pl.min_horizontal(target, p["unused_target_bp"])).otherwise(target)


def after_strategy(p: Row, as_of: date) -> pl.Expr:
    """The target where it lowers the limit, or raises it and a rise is allowed and not too soon."""
    target, before = pl.col("target_bp"), pl.col("after_gate_cents")
    wanted = pl.col("limit_cents") * target // BP
    is_cooling = (pl.col("last_change_on") > last_due(as_of, p["stab_cool_off_up_months"])).fill_null(False)
    return (
        pl.when(pl.col("moves") & (target < BP))
        .then(pl.min_horizontal(before, wanted))
        .when(pl.col("moves") & (target > BP) & pl.col("may_rise") & ~is_cooling)
        .then(pl.max_horizontal(before, wanted))
        .otherwise(before)
    )


def after_relationship(p: Row) -> pl.Expr:
    """A long good customer keeps part of a cut, or rises further; nobody beyond what they agreed to."""
    before, gated = pl.col("after_strategy_cents"), pl.col("after_gate_cents")
    limit, ceiling = pl.col("limit_cents"), pl.col("rise_ceiling_cents")
    is_long_good = (
        pl.col("moves")
        & (pl.col("tenure_months") >= p["rel_tenure_months"])
        & (pl.col("days_past_due") == 0)
        & (pl.col("worst_dpd_24m") == 0)
    )
    lost = pl.max_horizontal(limit, gated) - before
    kept = (
        pl.when(is_long_good & (before < gated))
        .then(pl.min_horizontal(gated, before + lost * p["rel_cut_relief_bp"] // BP))
        .when(is_long_good & (before > gated) & pl.col("grade").is_in(list(p["rel_grades"])))
        .then(before + limit * p["rel_extra_step_bp"] // BP)
        .otherwise(before)
    )
    most = pl.max_horizontal(gated, ceiling)
    return pl.when(ceiling.is_not_null() & (kept > most)).then(most).otherwise(kept)


def capacity(p: Row) -> pl.Expr:
    """What the borrower can carry beside their other lines; null where that is not known."""
    rate = pl.col("rate_ppm")
    if p["subject"] == "consumer":
        income = pl.col("net_monthly_income_cents")
        essential = pl.coalesce("essential_cents", income * p["aff_essential_share_bp"] // BP)
        free = income * p["aff_income_share_bp"] // BP - pl.col("external_payment_cents") - essential
        all_lines = (free - p["aff_buffer_cents"]) * BP // p["aff_minimum_payment_bp"]
    else:
        share = _revenue(p) * p["aff_revenue_share_bp"] // BP
        all_lines = share * pl.col("statement_rate_ppm") // rate
    others = over(up(pl.col("all_limits_cents") * 1_000_000, rate) - pl.col("limit_cents"))
    return pl.when("moves").then(over(all_lines - others))


def _revenue(p: Row) -> pl.Expr:
    """Of a statement, or of enough invoices that are not too old."""
    told = (pl.col("trade_months") >= p["aff_trade_months_least"]) & (
        pl.col("trade_age_months") < p["aff_trade_age_months"]
    )
    return pl.when(pl.col("has_statement") | told.fill_null(False)).then(pl.col("revenue_cents"))


def _statement_bars(p: Row) -> pl.Expr:
    """Whether the books forbid a rise: unknown, stale, or they do not cover service or interest."""
    service, interest = pl.col("debt_service_due_12m"), pl.col("interest_expense_year_cents")
    flow, ebit = pl.col("operating_cash_flow_year_cents"), pl.col("ebit_year_cents")
    bars = [
        ~pl.col("has_statement") & _revenue(p).is_null(),
        pl.col("statement_age_months") > p["aff_statement_months"],
        (service > 0) & (flow * BP < service * p["aff_debt_service_cover_bp"]),
        (interest > 0) & (ebit * BP < interest * p["aff_interest_cover_bp"]),
    ]
    return pl.any_horizontal(bar.fill_null(False) for bar in bars)


def after_affordability(p: Row, as_of: date) -> pl.Expr:
    """Capacity bounds a rise, and a standing limit where income is proven."""
    before, limit, capacity_cents = (
        pl.col("after_relationship_cents"),
        pl.col("limit_cents"),
        pl.col("capacity_cents"),
    )
    bounds = (capacity_cents < before).fill_null(False)
    may_cut, bars = pl.lit(value=False), pl.lit(value=False)
    if p["subject"] == "enterprise":
        bars = _statement_bars(p)
    elif p["aff_cuts"]:
        recent = pl.col("income_verified_on") > last_due(
            as_of - timedelta(days=1), p["aff_verified_within_months"]
        )
        proven = (pl.col("income_kind") == "verified") & recent & pl.col("essential_cents").is_not_null()
        may_cut = proven.fill_null(False)
    rises = before > limit
    return (
        pl.when(~pl.col("moves"))
        .then(before)
        .when(rises & (bars | capacity_cents.is_null()))
        .then(limit)
        .when(bounds & may_cut)
        .then(capacity_cents)
        .when(rises & bounds)
        .then(pl.max_horizontal(limit, capacity_cents))
        .otherwise(before)
    )


def exposure_at_default(p: Row, limit: pl.Expr) -> pl.Expr:
    """What is owed, and the share of what is not drawn that will be."""
    return pl.col("owed_cents") + up(over(limit - pl.col("drawn_cents")) * p["el_ccf_bp"], BP)


def after_stability(p: Row) -> pl.Expr:
    """How far a limit may move at once, rounded to the segment's unit."""
    before, limit, unit = pl.col("after_expected_loss_cents"), pl.col("limit_cents"), p["stab_rounding_cents"]
    highest = pl.max_horizontal("highest_limit_12m_cents", limit)
    most_used = p["stab_utilisation_after_cut_bp"]
    used = pl.when(pl.col("days_past_due") == 0).then(up(pl.col("owed_cents") * BP, most_used)).otherwise(0)
    least = pl.max_horizontal(
        limit - limit * p["stab_down_review_bp"] // BP,
        highest - highest * p["stab_down_year_bp"] // BP,
        used,
    )
    most = pl.min_horizontal(before, limit + limit * p["stab_up_review_bp"] // BP)
    held = pl.max_horizontal(before // unit * unit, up(least, unit) * unit)
    return (
        pl.when(pl.col("moves") & (before < limit))
        .then(pl.min_horizontal(limit, held))
        .when(pl.col("moves") & (before > limit))
        .then(pl.max_horizontal(limit, most // unit * unit))
        .otherwise(before)
    )


def floored() -> pl.Expr:
    """Never below what is owed, never above the standing limit for that alone."""
    return pl.max_horizontal("after_regulation_cents", pl.min_horizontal("limit_cents", "owed_cents"))


def proposed(p: Row) -> pl.Expr:
    """The limit proposed: a move under the dead band is left undone, but for what a hard cap asks."""
    limit, floor = pl.col("limit_cents"), pl.min_horizontal("limit_cents", "owed_cents")
    after = pl.col("after_floor_cents")
    dead_band = pl.max_horizontal(limit * p["stab_dead_band_bp"] // BP, p["stab_dead_band_cents"])
    hard = pl.max_horizontal(
        pl.min_horizontal(limit, "exposure_limit_cents", "regulation_limit_cents"), floor
    )
    is_small = (pl.col("after_gate_cents") == limit) & ((after - limit).abs() < dead_band)
    return pl.when(is_small).then(hard).otherwise(after)


def action() -> pl.Expr:
    """What is done with the line."""
    limit, proposed_limit = pl.col("limit_cents"), pl.col("proposed_limit_cents")
    return (
        pl.when(pl.col("blocks") & ~pl.col("source_block"))
        .then(pl.lit("freeze"))
        .when(proposed_limit < limit)
        .then(pl.lit("decrease"))
        .when((proposed_limit > limit) & pl.col("consent_given"))
        .then(pl.lit("increase"))
        .when(proposed_limit > limit)
        .then(pl.lit("offer"))
        .otherwise(pl.lit("hold"))
    )
