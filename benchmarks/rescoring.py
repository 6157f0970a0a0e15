"""Scoring alone: our statement against scikit-learn's and LightGBM's predict, on the same rows.

    python -m benchmarks.rescoring FLOOR AS_OF [ROUNDS]      # one JSON object: rows, characteristics, seconds

FLOOR is what benchmarks.floor left. The rows lie in memory for everyone: in DuckDB for us, as the NumPy array
of floats that they like best for the others, unknown values filled for scikit-learn beforehand. Only scoring
is timed, of both kinds of borrowers. The models are fitted on a sample; nobody reads what they predict.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from linewatch.characteristics import tables_of
from linewatch.documents import cards_in_use, load_documents
from linewatch.scorecard import Scorecard
from sql.engine import Cursor, Engine
from sql.scores import build_scores, load_scorecards

SAMPLE = 50_000
TREES = 100

Rows = np.ndarray[Any, np.dtype[np.float64]]


def compare(floor: Path, as_of: date, rounds: int) -> dict[str, Any]:
    """Median seconds of interleaved rounds; one line per borrower, by the characteristics of their card."""
    cards = cards_in_use(load_documents(as_of))
    rows = {card.subject: rows_of(floor, card) for card in cards}
    with Engine(floor / "spill") as engine, engine.cursor() as db:
        stand(db, floor, cards)
        contestants: dict[str, Callable[[], object]] = {
            "ours_s": lambda: build_scores(db),
            "scikit_learn_s": logistic(rows),
            "lightgbm_s": trees(rows),
        }
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(rounds):
            for name, score in contestants.items():
                begun = time.perf_counter()
                score()
                seconds[name].append(time.perf_counter() - begun)
    return {
        "rows": sum(len(each) for each in rows.values()),
        "characteristics": {subject: each.shape[1] for subject, each in rows.items()},
        "rounds": rounds,
        **{name: round(median(each), 3) for name, each in seconds.items()},
    }


def stand(db: Cursor, floor: Path, cards: list[Scorecard]) -> None:
    """The features as tables, and the cards."""
    for card in cards:
        db.parquet("read_features", [floor / f"features_{card.subject}.parquet"])
        db.build_written(f"features_{card.subject}", "from read_features")
    load_scorecards(db, **tables_of(cards))


def rows_of(floor: Path, card: Scorecard) -> Rows:
    """What the card reads of its borrowers, a column a characteristic, NaN where unknown."""
    names = list(dict.fromkeys(row["characteristic"] for row in tables_of([card])["bins"]))
    table = pq.read_table(floor / f"features_{card.subject}.parquet", columns=names)
    return np.column_stack([table[name].to_numpy().astype(np.float64) for name in names])


def logistic(rows: dict[str, Rows]) -> Callable[[], object]:
    """Predict with a logistic regression for each kind of borrower."""
    from sklearn.linear_model import LogisticRegression

    filled = {subject: np.nan_to_num(each, nan=0.0) for subject, each in rows.items()}
    models = {
        subject: LogisticRegression(max_iter=50).fit(each[:SAMPLE] / 10_000, label(each[:SAMPLE]))
        for subject, each in filled.items()
    }
    return lambda: [models[subject].predict_proba(each) for subject, each in filled.items()]


def trees(rows: dict[str, Rows]) -> Callable[[], object]:
    """Predict with a hundred trees for each kind of borrower."""
    from lightgbm import LGBMClassifier

    models = {
        subject: LGBMClassifier(n_estimators=TREES, verbose=-1, random_state=1).fit(
            each[:SAMPLE], label(np.nan_to_num(each[:SAMPLE], nan=0.0))
        )
        for subject, each in rows.items()
    }
    return lambda: [models[subject].booster_.predict(each) for subject, each in rows.items()]


def label(sample: Rows) -> Any:
    """Something to learn that depends on several columns: about half of the rows."""
    scaled = (sample - sample.mean(axis=0)) / (sample.std(axis=0) + 1)
    total = scaled.sum(axis=1)
    return total > np.median(total)


if __name__ == "__main__":
    asked = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    print(json.dumps(compare(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), asked)))
