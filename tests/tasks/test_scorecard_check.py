"""`linewatch scorecard check`: measured quality against an independent computation."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from linewatch.errors import DataRefused, DocumentRefused
from sql.engine import Engine
from sql.scores import build_check
from tasks.scorecard import check_scorecard

ROOT = Path(__file__).parents[2]
UCI = ROOT.parent / "shared" / "data" / "uci_default_credit_card_clients.parquet"
AS_OF = date(2026, 10, 31)

needs_uci = pytest.mark.skipif(not UCI.is_file(), reason="../shared/data is not here")


def write(folder: Path, table: str, rows: list[dict]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{table}.parquet")


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """40 consumers, every other one late; of the late three in four default, of the others one."""
    folder = tmp_path / "2026-10-31"
    folder.mkdir()
    ids = [f"B{at:02}" for at in range(40)]
    write(
        folder,
        "borrower",
        [{"borrower_id": i, "borrower_type": "consumer", "jurisdiction": "CN"} for i in ids],
    )
    line = {
        "product": "revolving_consumer",
        "currency": "CNY",
        "credit_limit_cents": 500_000,
        "drawn_cents": 9_000,
    }
    write(
        folder,
        "facility",
        [
            {
                "facility_id": f"F{i}",
                "borrower_id": i,
                "status": "active",
                "days_past_due": at % 2 * 45,
                **line,
            }
            for at, i in enumerate(ids)
        ],
    )
    defaulted = [(at % 2 == 1 and at % 8 != 7) or at == 20 for at in range(40)]
    write(
        tmp_path,
        "outcome",
        [
            {"borrower_id": i, "defaulted_12m": bad, "as_of": AS_OF}
            for i, bad in zip(ids, defaulted, strict=True)
        ],
    )
    return folder


def test_a_folder_is_checked_against_the_outcome_beside_its_nights(night):
    check = check_scorecard(source=str(night))

    assert (check.scorecard, check.as_of, check.borrowers, check.defaults) == ("consumer", AS_OF, 40, 16)
    late_bad, late_good, bad, good = 15, 5, 16, 24
    auc = (
        late_bad * (good - late_good) + (late_bad * late_good + (bad - late_bad) * (good - late_good)) / 2
    ) / (bad * good)
    assert check.auc == round(auc, 6)
    assert check.ks == round(late_bad / bad - late_good / good, 6)


def test_the_answer_is_one_json_object_and_a_text(night):
    check = check_scorecard(source=str(night))

    told = json.loads(json.dumps(check.as_json()))

    assert told["auc"] == check.auc
    assert told["as_of"] == "2026-10-31"
    assert {"tenth", "borrowers", "defaults", "pd_bp", "defaulted_bp"} <= set(told["calibration"][0])
    assert f"AUC {check.auc:.4f}" in check.as_text()


def test_an_outcome_is_read_from_the_file_that_is_named(night, tmp_path):
    named = tmp_path / "elsewhere.parquet"
    pq.write_table(pa.table({"borrower_id": ["B00", "B01", "B02"], "defaulted": [0, 1, None]}), named)

    check = check_scorecard(source=str(night), outcome=named, as_of=AS_OF)

    assert (check.borrowers, check.defaults, check.auc) == (2, 1, 1.0)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"borrower_id": ["B00"], "bad": [True]}, "defaulted"),
        ({"borrower_id": ["B00", "B00"], "defaulted": [True, False]}, "more than once"),
        ({"borrower_id": ["B00", "B01"], "defaulted": [False, False]}, "both kinds"),
    ],
)
def test_an_outcome_that_cannot_be_used_is_refused(night, tmp_path, columns, said):
    named = tmp_path / "elsewhere.parquet"
    pq.write_table(pa.table(columns), named)

    with pytest.raises(DataRefused, match=said):
        check_scorecard(source=str(night), outcome=named, as_of=AS_OF)


def test_a_source_without_an_outcome_is_refused(night):
    (night.parent / "outcome.parquet").unlink()

    with pytest.raises(DataRefused, match="outcome"):
        check_scorecard(source=str(night))


def test_a_mapping_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DataRefused, match="uci_credit_default"):
        check_scorecard(source="uci_credit_defalt:file.csv")


def test_a_card_with_a_fault_is_refused_naming_the_file_and_the_key(night, tmp_path):
    broken = tmp_path / "card.toml"
    shipped = next((ROOT / "linewatch" / "scorecards").glob("*-consumer.toml")).read_text()
    broken.write_text(shipped.replace("base_points = 60000", 'base_points = "many"'))

    with pytest.raises(DocumentRefused, match=r"card\.toml: base_points"):
        check_scorecard(source=str(night), scorecard=broken)


@pytest.mark.parametrize("seed", range(3))
def test_auc_ks_and_brier_are_those_of_an_independent_computation(seed):
    chance = np.random.default_rng(seed)
    score = chance.integers(0, 30, 500) * 100
    pd_bp = 9_000 - score * 2
    bad = chance.random(500) < pd_bp / 10_000

    with Engine(None, threads=2) as engine, engine.cursor() as db:
        ids = [f"B{at}" for at in range(500)]
        scores = pa.table(
            {"borrower_id": ids, "score": score.astype("int32"), "pd_bp": pd_bp.astype("int32")}
        )
        db.raw.register("given_scores", scores)
        db.raw.register("given_outcome", pa.table({"borrower_id": ids, "defaulted": bad}))
        db.raw.execute("create table scores as from given_scores")
        db.raw.execute("create table check_outcome as from given_outcome")
        totals, calibration = build_check(db)

    pairs = totals["good"] * totals["bad"]
    false_alarms, hits, _ = roc_curve(bad, -score)
    assert totals["auc_halves"] / (2 * pairs) == pytest.approx(roc_auc_score(bad, -score), abs=1e-12)
    assert totals["ks_most"] / pairs == pytest.approx(max(hits - false_alarms), abs=1e-12)
    assert totals["brier_bp2"] / (500 * 10**8) == pytest.approx(
        brier_score_loss(bad, pd_bp / 10_000), abs=1e-12
    )
    assert sum(row["borrowers"] for row in calibration) == 500
    assert sum(row["defaults"] for row in calibration) == bad.sum()


@needs_uci
def test_the_expert_card_tells_the_public_data_s_defaulters_apart():
    check = check_scorecard(source=f"uci_credit_default:{UCI}")

    assert (check.borrowers, check.defaults, check.defaulted_bp) == (30_000, 6_636, 2_212)
    assert check.auc >= 0.74
    rates = [row["defaulted_bp"] for row in check.calibration]
    assert rates[0] > 4 * rates[-1]
    assert sorted(rates[:7], reverse=True) == rates[:7]
