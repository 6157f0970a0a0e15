"""`linewatch scorecard check`: how well a scorecard tells who defaulted, on borrowers whose outcome is known.

The outcome is read here and nowhere else: no night sees it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from linewatch.characteristics import characteristics, tables_of
from linewatch.documents import SHIPPED, faults_of
from linewatch.errors import DataRefused, DocumentRefused
from linewatch.scorecard import Scorecard
from sources import folder, mapping
from sources.outcome import beside, load_file, load_mapped
from sources.table import SourceRefused
from sql import stage
from sql.contract import contract
from sql.engine import Cursor, Engine, Rows
from sql.features import build_features
from sql.scores import build_check, build_scores, load_scorecards, rank_sums, reference_points

PUBLIC_DATA = Path("shared/data/uci_default_credit_card_clients.parquet")
"""Where the public card data lies, if it does: beside the checkout."""


@dataclass(frozen=True)
class ScorecardCheck:
    """A scorecard's measured quality. Shares are rounded to millionths from exact fractions."""

    scorecard: str
    version: str
    source: str
    as_of: date
    borrowers: int
    defaults: int
    auc: float
    """Of two borrowers, one of whom defaulted, how often that one scores lower; a tie is a half."""
    ks: float
    """Greatest distance between the distributions of those who defaulted and those who did not."""
    brier: float
    """Mean squared distance of the PD from what happened (0 or 1)."""
    defaulted_bp: int
    pd_bp: int
    """Mean PD that the card gives."""
    rated: int
    """Borrowers of whom the source also has somebody else's rating."""
    rank_correlation: float | None
    """Spearman's, of score and that rating: 1 is the same order; None where nothing is rated or all tie."""
    calibration: Rows
    """A row a tenth by score, the riskiest first (sql/scores/check_calibration.sql)."""
    reference: Rows
    """A row a characteristic: in how many it is known, their mean points beside the card's reference."""

    def as_json(self) -> dict[str, Any]:
        """One object of plain values."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}

    def as_text(self) -> str:
        """For a person to read."""
        lines = [
            f"Scorecard {self.scorecard} {self.version} against {self.source} as of {self.as_of}",
            f"{self.borrowers:,} borrowers, {self.defaults:,} defaulted"
            f" ({_percent(self.defaulted_bp)}; the card's mean PD is {_percent(self.pd_bp)})",
            f"AUC {self.auc:.4f}   KS {self.ks:.4f}   Brier {self.brier:.4f}",
        ]
        if self.rank_correlation is not None:
            lines.append(
                f"Rank correlation with the source's own rating {self.rank_correlation:.4f}"
                f" (Spearman, {self.rated:,} rated)"
            )
        lines += [
            "",
            "tenth  scores            borrowers  defaulted       PD   defaulted",
        ]
        lines += [
            f"{row['tenth']:>5}  {_points(row['score_from'])} to {_points(row['score_to'])}"
            f"  {row['borrowers']:>9,}  {row['defaults']:>9,}"
            f"  {_percent(row['pd_bp'])}     {_percent(row['defaulted_bp'])}"
            for row in self.calibration
        ]
        lines += ["", "characteristic                   known in  mean points  reference"]
        lines += [
            f"{row['characteristic']:<30} {row['borrowers']:>10,}  {_points(row['mean_points'])}"
            f"      {_points(row['reference_points'])}"
            for row in self.reference
        ]
        return "\n".join(lines)


def check_scorecard(
    *,
    scorecard: Path | None = None,
    source: str | None = None,
    outcome: Path | None = None,
    as_of: date | None = None,
    threads: int | None = None,
) -> ScorecardCheck:
    """Score the source's borrowers and compare with what came of them.

    Left out: the shipped card for the source's borrowers (consumers', where it has both), the public card
    data beside the checkout, the outcome that the data set or the folder has (outcome.parquet), the day that
    these are dated. Rows are taken as they are, no promise of the data is held against them.

    Raises DataRefused where source or outcome cannot be used, DocumentRefused for the card.
    """
    spec = source or _public_data()
    with Engine(None, threads=threads) as engine, engine.cursor() as db:
        try:
            dated = _load(db, spec, outcome, as_of)
        except SourceRefused as refused:
            raise DataRefused(
                str(refused), what_now="Name a source with --source, and its --outcome."
            ) from refused
        day = as_of or dated
        if day is None:
            raise DataRefused(f"{spec} does not say as of which day it is.", what_now="Name it with --as-of.")
        db.replace("night", [{"as_of": day, "freshness_days": 0}])
        counted = build_features(db, characteristics().scale_rows())
        card = _card(scorecard, day, "consumer" if counted["consumer"] else "enterprise")
        load_scorecards(db, **tables_of([card]))
        build_scores(db)
        totals, calibration = build_check(db)
        if not totals["good"] or not totals["bad"]:
            raise DataRefused(
                f"{spec}: of {totals['good'] + totals['bad']:,} scored borrowers with an outcome"
                f" {totals['bad']:,} defaulted; a check needs both kinds.",
                what_now="Name another source or outcome.",
            )
        return _measured(card, spec, day, totals, calibration, reference_points(db), rank_sums(db))


def _measured(
    card: Scorecard,
    source: str,
    day: date,
    totals: Mapping[str, int],
    calibration: Rows,
    reference: Rows,
    ranks: Mapping[str, int],
) -> ScorecardCheck:
    good, bad = totals["good"], totals["bad"]
    return ScorecardCheck(
        scorecard=card.id,
        version=card.version,
        source=source,
        as_of=day,
        borrowers=good + bad,
        defaults=bad,
        auc=_share(totals["auc_halves"], 2 * good * bad),
        ks=_share(totals["ks_most"], good * bad),
        brier=_share(totals["brier_bp2"], 10**8 * (good + bad)),
        defaulted_bp=bad * 10_000 // (good + bad),
        pd_bp=totals["pd_bp_sum"] // (good + bad),
        rated=ranks["rated"],
        rank_correlation=rank_correlation(ranks),
        calibration=calibration,
        reference=reference,
    )


def rank_correlation(ranks: Mapping[str, int]) -> float | None:
    """Spearman's, to a millionth toward zero, from the sums of doubled middle ranks, whose mean is n + 1."""
    n = ranks["rated"]
    means = n * (n + 1) ** 2
    together, score, rating = (ranks[name] - means for name in ("product_sum", "score_sum", "rating_sum"))
    if not score or not rating:
        return None
    millionths = isqrt(together**2 * 10**12 // (score * rating))
    return float(Fraction(millionths if together > 0 else -millionths, 10**6))


def _share(part: int, whole: int) -> float:
    return float(round(Fraction(part, whole), 6))


def _card(path: Path | None, day: date, subject: str) -> Scorecard:
    """The scorecard of a file, or the shipped one in force for such borrowers."""
    if path is not None:
        return _read_card(path)
    shipped = [_read_card(file) for file in sorted((SHIPPED / "scorecards").glob("*.toml"))]
    in_force = [card for card in shipped if card.id == subject and card.effective_from <= day]
    if not in_force:
        raise DocumentRefused([f"scorecard {subject}: none in force on {day}"])
    return max(in_force, key=lambda card: card.effective_from)


def _read_card(path: Path) -> Scorecard:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DocumentRefused([f"{path}: {error}"]) from error
    try:
        return Scorecard.model_validate(data)
    except ValidationError as error:
        raise DocumentRefused(faults_of(path, error, data)) from error


def _public_data() -> str:
    file = Path(__file__).resolve().parents[2] / PUBLIC_DATA
    if not file.is_file():
        raise DataRefused(
            "No source is named, and the public card data is not beside the checkout.",
            where=f"Looked for {file}.",
            what_now="Name one: --source uci_credit_default:FILE, or a folder with outcome.parquet.",
        )
    return f"uci_credit_default:{file}"


def _load(db: Cursor, source: str, outcome: Path | None, as_of: date | None) -> date | None:
    """Leave the source's tables under the contract's names and `check_outcome`; the day they are dated."""
    name, colon, rest = source.partition(":")
    db.create("schema/check_rating")
    if colon and not Path(source).exists():
        dated: date | None = mapping.read(name, Path(rest), db, as_of=as_of).as_of
        for table in contract():
            if db.has(f"mapped_{table}"):
                db.raw.execute(f"create view raw_{table} as from mapped_{table}")
        if outcome is None:
            load_mapped(db, name, Path(rest), as_of=as_of)
    else:
        seen = folder.look(Path(source))
        for table, files in folder.hashed(seen).items():
            folder.read(db, contract()[table], files).relation.create_view(f"raw_{table}")
        outcome = outcome or beside(Path(source))
        dated = None
    if outcome is not None:
        dated = load_file(db, outcome) or dated
    stage.note_source_columns(db)
    stage.stage(db)
    stage.accept(db)
    return dated


def _percent(bp: int) -> str:
    return f"{bp / 100:6.2f}%"


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:7.2f}"
