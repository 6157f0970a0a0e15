"""The order of a night: read, features, rescore, decide, write."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from benchmarks.peers.pyspark_peer import caps, loss, security, walk
from benchmarks.peers.pyspark_peer.facts import FACTS
from benchmarks.peers.pyspark_peer.lines import lines, rates
from benchmarks.peers.pyspark_peer.people import features, people
from benchmarks.peers.pyspark_peer.scores import scores
from benchmarks.peers.pyspark_peer.session import start, tables
from benchmarks.peers.pyspark_peer.text import day
from linewatch.characteristics import characteristics, tables_of
from linewatch.documents import Documents, load_documents
from linewatch.law import Facts, bounds_in_force
from linewatch.scorecard import Scorecard

REPORTING = "CNY"
"""The generated lender converts into it: it is the one currency without a rate."""
SCORED = "borrower_id scorecard score pd_bp unknown_share_bp conduct_points".split()
DECIDED = (
    "facility_id borrower_id group_id segment score pd_bp grade due_because limit_cents after_gate_cents"
    " after_strategy_cents after_relationship_cents after_affordability_cents after_expected_loss_cents"
    " after_stability_cents after_exposure_cents after_regulation_cents after_floor_cents"
    " proposed_limit_cents action"
).split()
WISHED = (
    *DECIDED[:13],
    *"tied_group borrower_type jurisdiction product rate_ppm moves block is_carried_out source_block".split(),
    *"recommend_only consent_given temporary_cents used_cents owed_cents days_past_due".split(),
    *"highest_limit_12m_cents wished_cents borrower_loss_cents least_appetite_cents".split(),
    *"el_appetite_cents el_ccf_bp own_rate_e8 first_cover second_cover first_saves second_saves".split(),
    "horizon_days",
)
"""What the walk still needs once a limit is wished."""


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun


def run(source: Path, as_of: date, out: Path) -> dict[str, float]:
    """Decide a first night of `source`; leave a folder of Parquet a table in `out`; return seconds a step."""
    out.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    with clock.step("start"):
        spark = start(source, out)
    try:
        _night(spark, clock, source, as_of, out)
    finally:
        spark.stop()
        shutil.rmtree(out / "spark", ignore_errors=True)
    return clock.seconds


def _night(spark: SparkSession, clock: Clock, source: Path, as_of: date, out: Path) -> None:
    documents = load_documents(as_of)
    policy = documents.policy.tables()
    (ties,) = policy["pol_control_group"]
    weights = characteristics().currency_scale
    with clock.step("read"):
        table = tables(spark, source)
        tied = security.groups(spark, table["control_link"], ties, as_of)
        default = security.defaults(table["facility"], table["treatment"], ties, as_of)
        cover = security.covers(
            table["guarantee"], table["facility"], table["borrower"], default, tied, as_of
        )
        rate_ppm = rates(table["fx_rate"], as_of, REPORTING)
        line = _kept(lines(table, cover, rate_ppm, weights, as_of).repartition("borrower_id"))
    with clock.step("features"):
        borrower = _kept(people(table, line, default, policy, weights, as_of))
    with clock.step("rescore"):
        scored = _kept(scores(borrower, tables_of(_cards(documents)), FACTS))
    with clock.step("decide"):
        terms = walk.Terms(spark, policy)
        weighed = security.weighed_covers(cover, scored, policy, as_of)
        known = walk.known(line, scored, tied, security.group_defaults(default, tied), weighed, policy)
        gated = walk.gated(walk.rated(known, terms, policy, as_of), policy, as_of)
        aimed = walk.aimed(gated, walk.document(spark, policy["pol_strategy"]), terms, policy, as_of)
        afforded = walk.afforded(aimed, terms, as_of)
        wished = _kept(loss.wished(afforded, terms, policy, as_of).select(*WISHED))
        kept = loss.kept(wished).hint("broadcast")
        stable = caps.stable(wished.join(kept, "facility_id", "left"), terms)
        hard = _caps(documents, table, wished, rate_ppm, as_of)
        capped = caps.capped(stable, walk.document(spark, hard), caps.least_caps(hard))
        decided = _kept(
            caps.acted(stable.join(capped.hint("broadcast"), "facility_id", "left")).select(*DECIDED)
        )
    with clock.step("write"):
        for name, frame in {
            "features_consumer": features(borrower, "consumer"),
            "features_enterprise": features(borrower, "enterprise"),
            "scores": scored.select(*SCORED),
            "decisions": decided,
        }.items():
            frame.write.mode("overwrite").parquet(str(out / f"{name}.parquet"))


def _cards(documents: Documents) -> list[Scorecard]:
    return [documents.scorecards[name] for _, name in sorted(documents.policy.scorecards.items())]


def _kept(frame: DataFrame) -> DataFrame:
    """The frame, computed now and kept as rows, parted as it is; what led to it is planned no more."""
    return frame.localCheckpoint()


def _caps(
    documents: Documents, table: dict[str, DataFrame], line: DataFrame, rate_ppm: dict[str, int], as_of: date
) -> list[caps.Row]:
    subjects = line.groupBy("jurisdiction", "borrower_type", "product").count().collect()
    newest = table["reference_rate"].where(f"as_of <= {day(as_of)}").groupBy("name")
    reference = {row[0]: row[1] for row in newest.agg({"rate_bp": "max"}).collect()}
    facts = Facts(REPORTING, rate_ppm, reference, [row.asDict() for row in subjects])
    return caps.hard_caps(*bounds_in_force(documents, as_of, facts))
