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


def build_features(night: Night) -> None:
    """Leave the borrowers of each subject with their characteristics."""
    source, as_of = night.source, night.as_of
    scale = characteristics().currency_scale
    night.lines = own.credit_lines(source, as_of)
    told = (own.own_lines(night.lines, scale), people.bureau(source, as_of))
    night.lines = night.lines.drop(own.OF_BORROWERS)
    everybody = people.borrowers(source)
    _know_security(night, everybody)
    told_of_firms = (
        statements.statements(source, as_of, scale),
        trade.trade(source, as_of, scale),
        business.assessments(source, as_of),
        security.guarantee_cover(night.lines, everybody, night.covers),
    )
    for table in told:
        everybody = everybody.join(table.lazy(), on="borrower_id", how="left")
    consumers, enterprises = pl.collect_all(
        [
            people.consumers(everybody, people.spending(source, as_of), as_of),
            business.enterprises(everybody, told_of_firms, as_of),
        ],
    )
    night.borrowers = {"consumer": consumers, "enterprise": enterprises}


def _know_security(night: Night, everybody: pl.LazyFrame) -> None:
    """Leave who is tied to whom, who is treated or in default, and the covers that count."""
    source, as_of = night.source, night.as_of
    (ties,) = night.documents.policy.tables()["pol_control_group"]
    night.groups = security.control_groups(source, as_of, ties)
    night.treated = security.treatments(source, as_of)
    night.defaulted = security.in_default(night.lines, night.treated, ties["default_treatments"])
    lost = (pl.col("deceased_on") <= as_of) | (pl.col("fraud_flag") == "first_party")
    void = pl.concat([night.defaulted, everybody.filter(lost).select("borrower_id").collect()]).unique()
    night.covers = security.covers_now(source, as_of, night.lines, night.groups, void)


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
