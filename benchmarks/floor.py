"""The floor: the least that DuckDB does for a night's decisions. One reading of the source, the night's own
statements for features, scores and the walk, and what they leave as Parquet; nothing is promised of the data,
nobody asks why a limit falls, nothing is recorded or kept.

    python -m benchmarks.floor SOURCE AS_OF OUT      # one JSON object, the seconds of each step
"""

import json
import shutil
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from linewatch.characteristics import characteristics, tables_of
from linewatch.documents import cards_in_use, load_documents
from linewatch.night import Night
from sql import stage, walk
from sql.contract import contract
from sql.engine import Cursor, Engine, text
from sql.features import build_features
from sql.memory import machine_mb
from sql.past import leave_past
from sql.scores import build_scores, load_scorecards
from tasks.decide import ask_rows, prepare

WRITTEN = {
    "features_consumer": "records/features_consumer",
    "features_enterprise": "records/features_enterprise",
    "scores": "bench/scores",
    "decisions": "bench/bare_decisions",
}
"""What the floor and each of its peers leaves in OUT, a Parquet file each."""


def floor(source: Path, as_of: date, out: Path, *, threads: int | None = None) -> dict[str, float]:
    """Decide a night of `source` barely; return the seconds of each step."""
    out.mkdir(parents=True, exist_ok=True)
    documents = load_documents(as_of)
    night = Night(as_of, out, str(source), documents, datetime(2000, 1, 1, tzinfo=UTC), threads=threads)
    seconds: dict[str, float] = {}
    most_mb = machine_mb() * 2 // 3  # a night leaves room for others; the least work there is spills nothing
    with Engine(out / "spill", threads=threads, memory_mb=most_mb) as engine, engine.cursor() as db:
        for step, run in (
            ("read", lambda: _stand(db, source, as_of)),
            ("features", lambda: _features(db, night)),
            ("rescore", lambda: _rescore(db, night)),
            ("decide", lambda: _decide(db, night)),
            ("write", lambda: _write(db, out)),
        ):
            begun = time.perf_counter()
            run()
            seconds[step] = time.perf_counter() - begun
    shutil.rmtree(out / "spill", ignore_errors=True)
    return seconds


def _stand(db: Cursor, source: Path, as_of: date) -> None:
    for table in contract():
        if (path := source / f"{table}.parquet").exists():
            db.parquet(f"raw_{table}", [path])
    db.replace("night", [{"as_of": as_of, "previous_as_of": None, "freshness_days": 3}])
    stage.note_source_columns(db)
    stage.stage(db)
    stage.accept(db)


def _features(db: Cursor, night: Night) -> None:
    build_features(db, characteristics().scale_rows(), night.documents.policy.tables()["pol_control_group"])


def _rescore(db: Cursor, night: Night) -> None:
    db.create("schema/former_scores")
    load_scorecards(db, **tables_of(cards_in_use(night.documents)))
    build_scores(db)


def _decide(db: Cursor, night: Night) -> None:
    leave_past(db, None, ())
    for empty in ("past_change", "open_case"):
        db.create(f"schema/{empty}")
    prepare(db, night, ask_rows(db, night))
    walk.act(db)


def _write(db: Cursor, out: Path) -> None:
    for name, statement in WRITTEN.items():
        db.write_to(text(statement), str(out / f"{name}.parquet"))


if __name__ == "__main__":
    steps = floor(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps({step: round(taken, 3) for step, taken in steps.items()}))
