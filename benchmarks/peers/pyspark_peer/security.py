"""Who belongs together, who is in default, and what covers a line tonight."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from benchmarks.peers.pyspark_peer.text import Policy, Row, bounded, chosen, day, listed, months_to

MOST_COVERS = 2


def in_force(as_of: date) -> str:
    return f"valid_from <= {day(as_of)} and (valid_until is null or valid_until >= {day(as_of)})"


def groups(spark: SparkSession, control_link: DataFrame, terms: Row, as_of: date) -> DataFrame:
    """One row a borrower tied to another by control: the group, named after its first member.

    Ties are few, and what is tied to what is found on the driver: a join a step would take a job a step.
    """
    least_share = (
        f"if(kind = 'economic_dependence', {terms['dependence_share_bp']}, {terms['control_share_bp']})"
    )
    ties = control_link.where(in_force(as_of)).where(f"coalesce(share_bp >= {least_share}, true)")
    first: dict[str, str] = {}

    def first_of(name: str) -> str:
        while first.setdefault(name, name) != name:
            first[name] = first[first[name]]
            name = first[name]
        return name

    pairs = ties.select("borrower_id", "related_borrower_id").toArrow().to_pydict()
    for one, other in zip(pairs["borrower_id"], pairs["related_borrower_id"], strict=True):
        low, high = sorted((first_of(one), first_of(other)))
        first[high] = low
    tied = {"borrower_id": list(first), "tied_group": [first_of(name) for name in first]}
    named = pa.schema([("borrower_id", pa.string()), ("tied_group", pa.string())])
    return spark.createDataFrame(pa.table(tied, named)).hint("broadcast")


def defaults(facility: DataFrame, treatment: DataFrame, terms: Row, as_of: date) -> DataFrame:
    """One row a borrower in default: 90 days past due on an open line, or under a treatment that is one."""
    late = facility.where("status <> 'closed' and days_past_due >= 90").select("borrower_id")
    under = treatment.where(in_force(as_of)).where(f"kind in ({listed(terms['default_treatments'])})")
    return late.union(under.select("borrower_id")).distinct()


def group_defaults(default: DataFrame, tied: DataFrame) -> DataFrame:
    """One row a borrower of whose group another is in default."""
    of_group = (
        default.join(tied, "borrower_id")
        .groupBy("tied_group")
        .agg(f.expr("count(*) as defaults"), f.expr("min(borrower_id) as first_id"))
    )
    member = tied.join(of_group, "tied_group").where("defaults > 1 or first_id <> borrower_id")
    return member.selectExpr("borrower_id", "true as group_default")


def covers(
    guarantee: DataFrame,
    facility: DataFrame,
    borrower: DataFrame,
    default: DataFrame,
    tied: DataFrame,
    as_of: date,
) -> DataFrame:
    """One row a cover that counts tonight, with its line's borrower and limit."""
    dead = borrower.where(f"deceased_on <= {day(as_of)} or fraud_flag = 'first_party'").select("borrower_id")
    void = default.union(dead).distinct().selectExpr("borrower_id as provider_id", "true as is_void")
    cover = guarantee.where(in_force(as_of)).where("coalesce(status, 'active') = 'active'")
    line = facility.select("facility_id", "borrower_id", "credit_limit_cents")
    return (
        cover.join(line, "facility_id")
        .join(void, "provider_id", "left")
        .join(tied.toDF("provider_id", "provider_group"), "provider_id", "left")
        .join(tied.toDF("borrower_id", "own_group"), "borrower_id", "left")
        .where(
            "kind = 'collateral' or (kind in ('guarantor', 'insurance') and provider_id <> borrower_id"
            " and not coalesce(provider_group = own_group, false) and is_void is null)"
        )
        .drop("provider_group", "own_group", "is_void")
    )


def covered_lines(cover: DataFrame) -> DataFrame:
    """One row a line with covers: what they take of its limit, no more than by their own terms."""
    most = "least(coalesce(cap_cents, 10000000000000), coalesce(value_cents, 10000000000000))"
    part = f"least(credit_limit_cents * {bounded('covered_share_bp', 0, 10_000)} div 10000, {most})"
    return cover.groupBy("facility_id").agg(f.expr(f"sum({part}) as covered_cents"))


def weighed_covers(cover: DataFrame, scores: DataFrame, policy: Policy, as_of: date) -> DataFrame:
    """One row a line with covers: the terms of the first and the second as the policy weighs them.

    `cover_1` and `cover_2` by guarantee_id, each share_bp, most_cents, days of the horizon, and the rate at
    which its provider fails (hundred-millionths; null for collateral, whose rate is the line's).
    """
    (setting,) = policy["pol_setting"]
    horizon = f"add_months({day(as_of)}, {setting['horizon_months']})"
    grades = {row["grade"]: row for row in policy["pol_provider_grade"]}
    rows = policy["pol_valuation_haircut"]
    steps = " ".join(
        f"when valued_months <= {row['up_to_months']} then {row['haircut_bp']}" for row in rows[:-1]
    )
    haircut = f"case {steps} else {rows[-1]['haircut_bp']} end"
    graded = [
        f"coalesce({chosen('provider_grade', {name: row[kind] for name, row in grades.items()})},"
        f" {grades['unknown'][kind]})"
        for kind in ("pd_bp", "lgd_bp")
    ]
    terms = cover.join(
        scores.selectExpr("borrower_id as provider_id", "pd_bp as own_pd_bp"), "provider_id", "left"
    ).selectExpr(
        "borrower_id",
        "facility_id",
        "guarantee_id",
        f"cast({bounded('covered_share_bp', 0, 10_000)} as bigint) as share_bp",
        f"{months_to('valued_on', as_of)} as valued_months",
        "case when kind = 'collateral' then least(cap_cents,"
        f" greatest(coalesce(value_cents, 0), 0) * (10000 - {haircut}) div 10000)"
        " else cap_cents end as most_cents",
        f"cast(least(coalesce(datediff(valid_until, {day(as_of)}), 2147483647),"
        f" datediff({horizon}, {day(as_of)})) as bigint) as days",
        "case when kind <> 'collateral'"
        f" then cast(greatest({graded[0]}, own_pd_bp) as bigint) * {graded[1]} end as provider_rate_e8",
        f"greatest({', '.join(_passed(row['days'], as_of) for row in policy['pol_expiring'])}) as expiring",
    )
    packed = "struct(guarantee_id, share_bp, most_cents, days, provider_rate_e8)"
    return (
        terms.repartition("borrower_id")
        .groupBy("borrower_id", "facility_id")
        .agg(
            f.expr(f"sort_array(collect_list({packed})) as covers"), f.expr("max(expiring) as expiring_since")
        )
        .selectExpr(
            "borrower_id",
            "facility_id",
            "expiring_since",
            "covers[0] as cover_1",
            f"case when size(covers) > {MOST_COVERS} then raise_error('three covers on one line')"
            " else get(covers, 1) end as cover_2",
        )
    )


def _passed(days: int, as_of: date) -> str:
    """The day so many before the cover's end, once it is reached."""
    return f"case when valid_until - {days} <= {day(as_of)} then valid_until - {days} end"
