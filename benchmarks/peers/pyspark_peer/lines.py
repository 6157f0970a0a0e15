"""One row a line, closed ones too, with what is on record of the line itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from benchmarks.peers.pyspark_peer.conduct import first_month, months_of_lines
from benchmarks.peers.pyspark_peer.people import consents
from benchmarks.peers.pyspark_peer.security import covered_lines
from benchmarks.peers.pyspark_peer.text import chosen, day


def rates(fx_rate: DataFrame, as_of: date, reporting: str) -> dict[str, int]:
    """Units of the reporting currency for one unit, in millionths, as last known."""
    known = (
        fx_rate.where(f"as_of <= {day(as_of)}")
        .groupBy("currency")
        .agg(f.max_by("rate_ppm", "as_of").alias("rate_ppm"))
        .collect()
    )
    return {row["currency"]: row["rate_ppm"] for row in known} | {reporting: 1_000_000}


def reports(project_status: DataFrame, as_of: date) -> DataFrame:
    """One row a line with a project report: the last one."""
    latest = [
        f.expr(f"max_by({name}, reported_on) as {name}")
        for name in ("phase", "covenant_breached", "draw_stop")
    ]
    return (
        project_status.where(f"reported_on <= {day(as_of)}")
        .groupBy("facility_id")
        .agg(f.max("reported_on").alias("reported_on"), *latest)
    )


def lines(
    table: Mapping[str, DataFrame],
    cover: DataFrame,
    rate_ppm: Mapping[str, int],
    weights: Mapping[str, int],
    as_of: date,
) -> DataFrame:
    """One row a line: the source's columns, months summed, report, consent to this line, what covers take."""
    consent = consents(table["consent"], "facility_id", as_of).toDF(
        "facility_id", "line_consent_on", "line_consent_stands", "line_consent_cents"
    )
    joined = table["facility"]
    months = months_of_lines(table["facility_month"], as_of)
    for frame in (months, covered_lines(cover), reports(table["project_status"], as_of), consent):
        joined = joined.join(frame.hint("shuffle_hash"), "facility_id", "left")
    return joined.withColumnRenamed("credit_limit_cents", "limit_cents").selectExpr(
        "*",
        "status <> 'closed' as is_open",
        "greatest(drawn_cents, 0) as used_cents",
        "greatest(drawn_cents, 0) + coalesce(pending_cents, 0) as owed_cents",
        f"case when temporary_until >= {day(as_of)} then greatest(temporary_limit_cents - limit_cents, 0)"
        " else 0 end as temporary_cents",
        "coalesce(commitment = 'committed', false) or product = 'project' as recommend_only",
        "coalesce(bit_count(seen), 0) as months_known",
        f"case used when 0 then bit_count(seen) else {first_month('used')} end as months_unused",
        "case when (seen & 7) > 0 and limit_cents + temporary_cents > 0"
        " then balance_0_2 div bit_count(seen & 7) * 10000 div (limit_cents + temporary_cents) end"
        " as utilisation_bp",
        f"cast({chosen('currency', rate_ppm)} as bigint) as rate_ppm",
        f"cast({chosen('currency', weights)} as bigint) as weight",
    )
