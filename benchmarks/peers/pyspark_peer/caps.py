"""Steps 6 to 9: how far a limit may move at once, hard caps of the policy and of law, and the action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as f
from pyspark.sql.window import Window

from benchmarks.peers.pyspark_peer.text import Row
from benchmarks.peers.pyspark_peer.walk import Terms
from linewatch.law import Law

NONE = ("age_group", "income_from_cents", "income_below_cents", "revenue_from_cents", "revenue_below_cents")


def hard_caps(policy_caps: Sequence[Row], law: Law) -> list[Row]:
    """Rows of both kinds of caps: whose limits each adds up, of which lines, and to how much."""
    caps: list[Row] = [
        {
            "step": "exposure",
            "cap_row": row["cap_row"],
            "cap_cents": row["cap_cents"],
            "owner": row["scope"],
            "subject": row["subject"],
            "cap_product": None,
            "countries": None,
        }
        for row in policy_caps
    ]
    for row in law.records:
        if row["type"] in ("gate", "block") or any(row[name] is not None for name in NONE):
            raise ValueError(f"record {row['record_id']} is more than a cap, and this night knows none")
        if row["type"] == "cap":
            caps.append(
                {
                    "step": "regulation",
                    "cap_row": row["record_id"],
                    "cap_cents": row["cap_cents"],
                    "owner": row["owner"],
                    "subject": row["borrower_type"],
                    "cap_product": row["product"],
                    "countries": [
                        each["jurisdiction"] for each in law.countries if each["pack"] == row["pack"]
                    ],
                }
            )
    return caps


def least_caps(caps: Sequence[Row]) -> dict[str, int]:
    """The lowest cap that a borrower of a kind could pass alone."""
    return {
        subject: min(row["cap_cents"] for row in caps if row["subject"] in (None, subject))
        for subject in ("consumer", "enterprise")
    }


def stable(line: DataFrame, terms: Terms) -> DataFrame:
    """With the limit after step 6, and what a cap would add up of the line, in reporting cents."""
    return (
        terms.beside(line, "stab_")
        .selectExpr(
            "*",
            "coalesce(kept_cents, wished_cents) as after_expected_loss_cents",
            "after_expected_loss_cents - after_expected_loss_cents % stab_rounding_cents as rounded_cents",
            "greatest(coalesce(highest_limit_12m_cents, 0), limit_cents) as highest_cents",
            """greatest(
            limit_cents - limit_cents * stab_down_review_bp div 10000,
            highest_cents - highest_cents * stab_down_year_bp div 10000,
            if(days_past_due > 0, 0, (owed_cents * 10000 + stab_utilisation_after_cut_bp - 1)
                div stab_utilisation_after_cut_bp)) as bound_cents""",
            "bound_cents + (stab_rounding_cents - bound_cents % stab_rounding_cents) % stab_rounding_cents"
            " as bound_rounded_cents",
            "least(after_expected_loss_cents, limit_cents + limit_cents * stab_up_review_bp div 10000)"
            " as risen_cents",
            """case
            when not moves then after_expected_loss_cents
            when after_expected_loss_cents < limit_cents
            then least(limit_cents, greatest(rounded_cents, bound_rounded_cents))
            when after_expected_loss_cents > limit_cents
            then greatest(limit_cents, risen_cents - risen_cents % stab_rounding_cents)
            else after_expected_loss_cents end as after_stability_cents""",
            "((limit_cents + temporary_cents) * rate_ppm + 999999) div 1000000 as standing_total_cents",
            "(greatest(greatest(after_stability_cents, limit_cents) + temporary_cents, owed_cents) * rate_ppm"
            " + 999999) div 1000000 as wanted_total_cents",
        )
        .withColumn(
            "borrower_total_cents", f.sum("wanted_total_cents").over(Window.partitionBy("borrower_id"))
        )
    )


def capped(line: DataFrame, caps: DataFrame, least_cap: Mapping[str, int]) -> DataFrame:
    """One row a line under a cap that would be passed: the lowest limit that each step's caps leave it.

    Only lines of a borrower who alone may pass a cap, or of one tied to others, are looked at. What must be
    cut from standing limits is cut pro rata from undrawn headroom, the odd cents to the largest remainders.
    """
    near = " or ".join(
        f"(borrower_type = '{subject}' and borrower_total_cents > {cents})"
        for subject, cents in least_cap.items()
    )
    owner = Window.partitionBy("step", "cap_row", "owner_id")
    fits = (
        "(subject is null or subject = borrower_type) and (cap_product is null or cap_product = product)"
        " and (countries is null or array_contains(countries, jurisdiction))"
    )
    claim = (
        line.where(f"tied_group is not null or {near}")
        .join(caps, f.expr(fits))
        .selectExpr(
            "step",
            "cap_row",
            "cap_cents",
            "case owner when 'line' then facility_id when 'group' then group_id else borrower_id end"
            " as owner_id",
            "facility_id",
            "limit_cents",
            "rate_ppm",
            "wanted_total_cents",
            "standing_total_cents",
            "if(recommend_only, 0, greatest(limit_cents - owed_cents, 0) * rate_ppm div 1000000) as headroom",
        )
        .withColumns(
            {
                "wanted": f.sum("wanted_total_cents").over(owner),
                "standing": f.sum("standing_total_cents").over(owner),
                "all_headroom": f.sum("headroom").over(owner),
            }
        )
        .where("wanted > cap_cents")
        .selectExpr("*", "least(greatest(standing - cap_cents, 0), all_headroom) as possible")
        .selectExpr(
            "*",
            # Two amounts of a group multiplied may pass 2^63.
            "cast(possible as decimal(19)) * cast(headroom as decimal(19)) as parted",
            "if(all_headroom > 0, parted div all_headroom, 0) as base",
            "if(all_headroom > 0, cast(parted % all_headroom as bigint), 0) as remainder",
        )
    )
    place = f.row_number().over(owner.orderBy(f.col("remainder").desc(), "facility_id"))
    shared = claim.withColumns({"odd": f.expr("possible") - f.sum("base").over(owner), "place": place})
    part = "((base + if(place <= odd, 1, 0)) * 1000000 + rate_ppm - 1) div rate_ppm"
    left = f"limit_cents - least({part}, limit_cents)"
    return shared.groupBy("facility_id").agg(
        *[
            f.expr(f"min({left}) filter (where step = '{step}') as {step}_limit_cents")
            for step in ("exposure", "regulation")
        ]
    )


def acted(line: DataFrame) -> DataFrame:
    """With the limits after steps 7 to 9, what is proposed and what is done."""
    return line.selectExpr(
        "*",
        "least(after_stability_cents, exposure_limit_cents) as after_exposure_cents",
        "least(after_exposure_cents, regulation_limit_cents) as after_regulation_cents",
        "greatest(after_regulation_cents, least(limit_cents, owed_cents)) as after_floor_cents",
        "greatest(coalesce(stab_dead_band_cents, 0), coalesce(limit_cents * stab_dead_band_bp div 10000, 0))"
        " as dead_band_cents",
        """if(after_gate_cents = limit_cents and abs(after_floor_cents - limit_cents) < dead_band_cents,
            greatest(least(limit_cents, exposure_limit_cents, regulation_limit_cents),
                least(limit_cents, owed_cents)),
            after_floor_cents) as proposed_limit_cents""",
        """case
            when block is not null and is_carried_out and not source_block then 'freeze'
            when proposed_limit_cents < limit_cents then 'decrease'
            when proposed_limit_cents > limit_cents then if(consent_given, 'increase', 'offer')
            else 'hold' end as action""",
    )
