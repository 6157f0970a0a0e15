"""A night in its steps, each leaving what the next one reads."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.peers.polars_peer import business, own, people, security, statements, trade
from benchmarks.peers.polars_peer.scores import Card
from benchmarks.peers.polars_peer.source import Source, open_source
from linewatch.characteristics import characteristics, tables_of
from linewatch.documents import Documents


@dataclass
class Night:
    """What has been computed so far of the night of `as_of`."""

    as_of: date
    documents: Documents
    source: Source = field(default_factory=lambda: Source({}))
    lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    groups: pl.DataFrame = field(default_factory=pl.DataFrame)
    treated: pl.DataFrame = field(default_factory=pl.DataFrame)
    defaulted: pl.DataFrame = field(default_factory=pl.DataFrame)
    covers: pl.DataFrame = field(default_factory=pl.DataFrame)
    borrowers: dict[str, pl.DataFrame] = field(default_factory=dict)
    """By subject: one row a borrower, all that is known of them."""
    scores: dict[str, pl.DataFrame] = field(default_factory=dict)
    decisions: pl.DataFrame = field(default_factory=pl.DataFrame)


def read(night: Night, folder: Path) -> None:
    """Open the files of the source: what they hold is read where it is needed."""
    night.source = open_source(folder)


def _know_lines(night: Night) -> None:
    """Leave the lines with their closed months, who is tied to whom, and who is in default."""
    policy = night.documents.policy.tables()
    (ties,) = policy["pol_control_group"]
    night.lines = own.credit_lines(night.source, night.as_of)
    night.groups = security.control_groups(night.source, night.as_of, ties)
    night.treated = security.treatments(night.source, night.as_of)
    night.defaulted = security.in_default(night.lines, night.treated, ties["default_treatments"])


def build_features(night: Night) -> None:
    """Leave the borrowers of each subject with their characteristics."""
    _know_lines(night)
    source, as_of = night.source, night.as_of
    scale = characteristics().currency_scale
    everybody = (
        people.borrowers(source)
        .join(own.own_lines(night.lines, scale), on="borrower_id", how="left")
        .join(people.bureau(source, as_of), on="borrower_id", how="left")
        .collect(engine="streaming")
    )
    firms = everybody.filter(pl.col("borrower_type") == "enterprise").lazy()
    lines_of_firms = night.lines.lazy().join(firms, on="borrower_id", how="semi")
    void = everybody.filter((pl.col("deceased_on") <= as_of) | (pl.col("fraud_flag") == "first_party"))
    night.covers = security.covers_now(
        source,
        as_of,
        night.lines,
        night.groups,
        pl.concat([night.defaulted, void.select("borrower_id")]).unique(),
    )
    spent = people.spending(source, as_of)
    told = [
        statements.statements(source, as_of, scale),
        trade.trade(source, as_of, scale),
        business.assessments(source, as_of),
        security.guarantee_cover(lines_of_firms, night.covers),
    ]
    night.borrowers = {
        "consumer": people.consumers(everybody.lazy(), spent, as_of).collect(engine="streaming"),
        "enterprise": business.enterprises(everybody.lazy(), told, as_of).collect(),
    }


def rescore(night: Night) -> None:
    """Leave the scores of each subject, in the order of its borrowers."""
    documents = night.documents
    named = sorted(documents.policy.scorecards.items())
    cards = tables_of([documents.scorecards[name] for _, name in named])
    for base in cards["base"]:
        card = Card(base, cards["bins"], cards["pd"])
        night.scores[base["subject"]] = card.score(night.borrowers[base["subject"]])


def write(night: Night, out: Path) -> None:
    """Leave the four files of the bench in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for subject, frame in night.borrowers.items():
        columns = [item.name for item in characteristics().of(subject)]
        frame.select("borrower_id", *columns).write_parquet(out / f"features_{subject}.parquet")
    pl.concat(night.scores.values()).write_parquet(out / "scores.parquet")
    night.decisions.write_parquet(out / "decisions.parquet")
