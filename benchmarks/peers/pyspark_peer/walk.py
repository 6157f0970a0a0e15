"""One row an open line, from what is known of it to what its borrower can carry: steps 1 to 4 of the walk.

It is the first night, so a line's anchor is its limit, and nothing is in flight, offered or under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from benchmarks.peers.pyspark_peer.text import Policy, Row, day, listed


class Terms:
    """The terms of the segments: a step joins those that it asks for, so that a row carries no others."""

    def __init__(self, spark: SparkSession, policy: Policy) -> None:
        self._spark, self._segments = spark, policy["pol_segment"]

    def beside(self, line: DataFrame, *prefixes: str) -> DataFrame:
        """The lines, and the terms whose names begin so."""
        names = [name for name in self._segments[0] if name.startswith(prefixes)]
        rows = [{name: row[name] for name in ("segment", *names)} for row in self._segments]
        return line.join(document(self._spark, rows), "segment", "left")


def document(spark: SparkSession, rows: Sequence[Row]) -> DataFrame:
    """A small table of a document, to be joined where it is."""
    return spark.createDataFrame(pa.Table.from_pylist([dict(row) for row in rows])).hint("broadcast")


def known(
    line: DataFrame, borrower: DataFrame, tied: DataFrame, others: DataFrame, cover: DataFrame, policy: Policy
) -> DataFrame:
    """One row an open line: its own columns, its borrower's, and the segment that fits first."""
    joined = (
        line.where("is_open")
        .join(borrower.hint("shuffle_hash"), "borrower_id")
        .join(cover.hint("shuffle_hash"), ["borrower_id", "facility_id"], "left")
        .join(tied, "borrower_id", "left")
        .join(others.hint("broadcast"), "borrower_id", "left")
    )
    consent_is_own = "line_consent_on >= coalesce(consent_on, line_consent_on)"
    return joined.selectExpr(
        "*",
        "coalesce(tied_group, borrower_id) as group_id",
        f"{_segment(policy['pol_segment'])} as segment",
        "coalesce(drawdown_blocked, false) as source_block",
        "coalesce(revolving, true) as is_revolving",
        f"case when {consent_is_own} then line_consent_stands when not consent_stands then false"
        " else coalesce(limit_increase, consent_stands) end as rise_consent",
        f"case when {consent_is_own} and line_consent_stands then line_consent_cents end as consented_cents",
        "greatest(line_consent_on, consent_on) as last_consent_on",
        "coalesce(rise_consent and coalesce(consented_cents > limit_cents, true), false) as consent_given",
        # A limit that the customer asked for stands until a later consent to rises.
        "coalesce(last_change_by = 'borrower', false)"
        " and not coalesce(last_consent_on > last_limit_change_on, false) as is_customers_own",
    )


def _segment(segments: Sequence[Row]) -> str:
    def fits(row: Row) -> str:
        tests = [f"borrower_type = '{row['subject']}'"]
        if row["condition"] is not None:
            raise ValueError(f"segment {row['segment']} has a condition, and this night knows none")
        if row["product"] is not None:
            tests.append(f"product = '{row['product']}'")
        if row["tenure_below_months"] is not None:
            tests.append(f"tenure_months < {row['tenure_below_months']}")
        if row["revenue_below_cents"] is not None:
            tests.append(f"revenue_cents < {row['revenue_below_cents']}")
        return " and ".join(tests)

    cases = " ".join(f"when {fits(row)} then '{row['segment']}'" for row in segments)
    return f"case {cases} end"


def rated(line: DataFrame, terms: Terms, policy: Policy, as_of: date) -> DataFrame:
    """With the grade, the slot, and why a review is due."""
    (slotting,) = policy["pol_slotting"]
    slots = policy["pol_slot"]
    reached = " ".join(
        f"when slot_score >= {row['from_bp']} then '{row['slot']}'"
        for row in sorted((row for row in slots if row["from_bp"]), key=lambda row: -row["from_bp"])
    )
    defaulted = f"in_default or coalesce(phase in ({listed(slotting['default_phases'])}), false)"
    return terms.beside(line, "rated_by", "cycle", "matured_blocks", "aff_statement_months").selectExpr(
        "*",
        f"{_grade(policy['pol_band'])} as grade",
        f"case when rated_by = 'slot' then case when {defaulted} then 'default' {reached} else 'weak' end end"
        " as slot",
        f"{_due(policy, as_of)} as due_because",
    )


def _grade(bands: Sequence[Row]) -> str:
    cases = " ".join(
        f"when borrower_type = '{row['subject']}' and pd_bp >= {row['pd_from_bp']}"
        f" and pd_bp < {row['pd_below_bp']} then '{row['grade']}'"
        for row in bands
    )
    return f"case {cases} end"


def _due(policy: Policy, as_of: date) -> str:
    """Nothing was looked at before, so an event of the line counts since 31 days back."""
    (slotting,) = policy["pol_slotting"]
    since, tonight = day(as_of - timedelta(days=31)), day(as_of)

    def lately(on: str) -> str:
        return f"{on} > {since} and {on} <= {tonight}"

    this_month = _day_of(day(as_of.replace(day=1)))
    before = _day_of(f"add_months({day(as_of.replace(day=1))}, -1)")
    last_statement = f"if({this_month} <= {tonight}, {this_month}, {before})"
    stale_on = "add_months(period_end, aff_statement_months + 1)"
    ends = [f"date_sub({stale_on}, {row['days']})" for row in policy["pol_statement_expiring"]]
    expiring = " or ".join(f"({lately(end)})" for end in ends)
    alarming = f"draw_stop or covenant_breached or phase in ({listed(slotting['default_phases'])})"
    return f"""case
        when last_reviewed_on is null then 'first_sight'
        when cycle = 'statement' and {last_statement} > last_reviewed_on then 'statement'
        when cycle = 'annual' and add_months(last_reviewed_on, 12) <= {tonight} then 'annual'
        when days_past_due >= 30 then 'arrears_bucket'
        when event is not null then event
        when {lately("last_consent_on")} then 'consent_received'
        when expiring_since > {since} then 'security_expiring'
        when aff_statement_months > 0 and ({expiring}) then 'statement_expiring'
        when group_default then 'group_default'
        when slot is not null and reported_on > {since} and ({alarming}) then 'project_alert'
        when slot is not null and slotted_on > {since} then 'assessment_received'
        when temporary_until >= {since} and temporary_until < {tonight} then 'temporary_limit_ended'
        end"""


def _day_of(month: str) -> str:
    """The statement day in a month that is given by its first day."""
    return f"date_add({month}, least(coalesce(statement_day, 1), day(last_day({month}))) - 1)"


def gated(line: DataFrame, policy: Policy, as_of: date) -> DataFrame:
    """Step 1: what blocks drawing, whether the line moves and may rise; a project follows its schedule."""
    (commitment,) = policy["pol_commitment"]
    return line.selectExpr(
        "*",
        f"case when borrower_block is not null then borrower_block"
        f" when matured_blocks and matures_on < {day(as_of)} then 'matured' end as block",
        f"not recommend_only or coalesce(block in ({listed(commitment['freezes'])}), false)"
        " as is_carried_out",
        "block is null and status <> 'frozen' and not source_block and not is_held"
        " and due_because is not null and coalesce(slot, grade) is not null as moves",
        f"""borrower_may_not_rise or coalesce(days_past_due, 1) > 0
            or owed_cents > limit_cents + temporary_cents or is_customers_own
            or coalesce(not rise_consent, false) or coalesce(matures_on <= {day(as_of)}, false)
            or not is_revolving or recommend_only as may_not_rise""",
        "if(moves and recommend_only and not is_revolving, least(limit_cents, scheduled_limit_cents),"
        " limit_cents) as after_gate_cents",
    )


def aimed(line: DataFrame, strategy: DataFrame, terms: Terms, policy: Policy, as_of: date) -> DataFrame:
    """Steps 2 and 3: the matrix's target, and what a long good customer keeps of it or gains on it."""
    bands = " ".join(
        f"when utilisation_bp < {row['below_bp']} then '{row['band']}'"
        for row in policy["pol_utilisation_band"][:-1]
    )
    last = policy["pol_utilisation_band"][-1]["band"]
    return (
        terms.beside(line, "unused_", "stab_cool_off_up", "rel_")
        .selectExpr(
            "*",
            "coalesce(slot, grade) as rating",
            f"case when utilisation_bp is null then null {bands} else '{last}' end as band",
        )
        .join(strategy, ["segment", "rating", "band"], "left")
        .selectExpr(
            "*",
            "months_unused >= unused_months and months_known >= unused_months and used_cents = 0"
            " as is_unused",
            "if(coalesce(is_unused, false), least(unused_target_bp, coalesce(target_bp, 10000)),"
            " coalesce(target_bp, 10000)) as aim_bp",
            "moves and aim_bp < 10000 as fires_down",
            "moves and aim_bp > 10000 and not may_not_rise and not coalesce("
            f"add_months(last_limit_change_on, stab_cool_off_up_months) > {day(as_of)}, false) as fires_up",
            "limit_cents * aim_bp div 10000 as target_cents",
            """case when fires_down then least(after_gate_cents, target_cents)
                when fires_up then greatest(after_gate_cents, target_cents)
                else after_gate_cents end as after_strategy_cents""",
            "moves and coalesce(tenure_months >= rel_tenure_months and coalesce(days_past_due, 0) = 0"
            " and dpd_24m = 0, false) as is_long_good",
            """case
                when is_long_good and after_strategy_cents < after_gate_cents
                then least(after_gate_cents, after_strategy_cents + rel_cut_relief_bp
                    * (greatest(limit_cents, after_gate_cents) - after_strategy_cents) div 10000)
                when is_long_good and after_strategy_cents > after_gate_cents and contains(rel_grades, grade)
                then after_strategy_cents + limit_cents * rel_extra_step_bp div 10000
                else after_strategy_cents end as kept_cents""",
            # A rise ends at the amount that the borrower agreed to.
            "if(consent_given and kept_cents > greatest(after_gate_cents, consented_cents)"
            " and consented_cents is not null, greatest(after_gate_cents, consented_cents), kept_cents)"
            " as after_relationship_cents",
        )
    )


def afforded(line: DataFrame, terms: Terms, as_of: date) -> DataFrame:
    """Step 4: what the borrower can carry bounds a rise, and a proven consumer's standing limit."""
    income = "net_monthly_income_cents"
    return terms.beside(line.drop("aff_statement_months"), "aff_").selectExpr(
        "*",
        "borrower_type = 'consumer' as is_consumer",
        "if(has_statement or (known >= aff_trade_months_least and trade_age_months < aff_trade_age_months),"
        " revenue_cents, null) as told_revenue_cents",
        f"""if(is_consumer,
            ({income} * aff_income_share_bp div 10000 - external_payment_cents
                - coalesce(essential_cents, {income} * aff_essential_share_bp div 10000) - aff_buffer_cents)
                * 10000 div aff_minimum_payment_bp,
            told_revenue_cents * aff_revenue_share_bp div 10000) as all_lines_cents""",
        "greatest(0, (all_limits_cents * 1000000 + rate_ppm - 1) div rate_ppm - limit_cents)"
        " as other_lines_cents",
        "if(all_lines_cents is null, null, greatest(0, all_lines_cents - other_lines_cents))"
        " as capacity_cents",
        f"""coalesce(is_consumer and aff_cuts and essential_cents is not null
            and add_months(proven_on, aff_verified_within_months) >= {day(as_of)}, false)
            as may_cut""",
        """coalesce(not is_consumer and (
            (not has_statement and told_revenue_cents is null)
            or coalesce(statement_age_months > aff_statement_months, false)
            or coalesce(debt_service_due_12m_cents > 0 and operating_cash_flow_cents * 10000
                < debt_service_due_12m_cents * aff_debt_service_cover_bp, false)
            or coalesce(interest_expense_cents > 0 and ebit_cents * 10000
                < interest_expense_cents * aff_interest_cover_bp, false)), false) as is_barred""",
        """case
            when moves and after_relationship_cents > limit_cents and (is_barred or capacity_cents is null)
            then limit_cents
            when moves and may_cut and capacity_cents < after_relationship_cents then capacity_cents
            when moves and after_relationship_cents > greatest(limit_cents, capacity_cents)
            then greatest(limit_cents, capacity_cents)
            else after_relationship_cents end as after_affordability_cents""",
    )
