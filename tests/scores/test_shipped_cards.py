"""The shipped cards on a generated lender: grades, PDs and reference points as they should be."""

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from linewatch.characteristics import SUBJECTS, characteristics, tables_of
from linewatch.scorecard import Scorecard
from sql import stage
from sql.engine import Engine
from sql.features import build_features
from sql.scores import build_scores, load_scorecards
from tasks.demo import write_demo
from tasks.scorecard import check_scorecard

ROOT = Path(__file__).parents[2]
AS_OF = date(2026, 11, 21)


def card_file(subject: str) -> Path:
    return next((ROOT / "linewatch" / "scorecards").glob(f"*-{subject}.toml"))


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night of a generated lender of 8,000 borrowers."""
    out = tmp_path_factory.mktemp("lender")
    write_demo(out, borrowers=8_000, seed=1, last_as_of=AS_OF)
    return out / AS_OF.isoformat()


@pytest.fixture(scope="module")
def checks(lender):
    return {
        subject: check_scorecard(source=str(lender), scorecard=card_file(subject)) for subject in SUBJECTS
    }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_card_tells_who_defaults_within_the_year(checks, subject):
    assert checks[subject].auc > 0.8


def test_the_mean_pd_is_near_the_share_that_defaults(checks):
    check = checks["consumer"]

    assert abs(check.pd_bp - check.defaulted_bp) < 150


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_reference_points_are_the_means_that_the_check_prints(checks, subject):
    far = {
        row["characteristic"]: (row["reference_points"], row["mean_points"])
        for row in checks[subject].reference
        if abs(row["reference_points"] - row["mean_points"]) > 150
    }

    assert len(checks[subject].reference) == {"consumer": 18, "enterprise": 26}[subject]
    assert far == {}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_pd_falls_as_the_score_rises_and_finely_where_grades_meet(subject):
    steps = Scorecard.model_validate(tomllib.loads(card_file(subject).read_text())).pd

    ratios = [high.pd_bp / low.pd_bp for low, high in pairwise(steps) if 100 <= low.pd_bp <= 2_000]

    assert all(high.pd_bp < low.pd_bp for low, high in pairwise(steps))
    assert min(ratios) > 0.85


def scores(lender: Path, threads: int) -> list[tuple]:
    cards = [Scorecard.model_validate(tomllib.loads(card_file(subject).read_text())) for subject in SUBJECTS]
    with Engine(None, threads=threads) as engine, engine.cursor() as db:
        for path in sorted(lender.glob("*.parquet")):
            db.parquet(f"raw_{path.stem}", [path])
        stage.note_source_columns(db)
        stage.stage(db)
        stage.accept(db)
        db.replace("night", [{"as_of": AS_OF, "freshness_days": 0}])
        build_features(db, characteristics().scale_rows())
        load_scorecards(db, **tables_of(cards))
        build_scores(db)
        tables = ("features_consumer", "features_enterprise", "scores")
        return [row for table in tables for row in db.raw.sql(f"from {table}").fetchall()]


def test_features_and_scores_are_the_same_rows_in_the_same_order_whatever_the_threads(lender):
    assert scores(lender, 1) == scores(lender, 4)


def test_every_borrower_is_scored_once_and_every_grade_is_given(lender):
    given = scores(lender, 2)
    scored = [row for row in given if row[1] in SUBJECTS]

    borrowers = {row[0] for row in given}
    bands = [100, 250, 500, 1_000, 2_000, 4_000, 10_000]
    grades = [
        sum(low < row[3] <= high for row in scored) for low, high in zip([0, *bands], bands, strict=False)
    ]
    assert len(scored) == len({row[0] for row in scored}) == len(borrowers) == 8_000
    assert min(grades) > 8_000 * 0.02
