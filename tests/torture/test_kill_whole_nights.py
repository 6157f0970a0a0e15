"""Nights by `linewatch night`, through Prefect, killed at twenty moments and started again plainly."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.flows.console import SCRIPT, linewatch
from tests.torture import page

pytestmark = [pytest.mark.prefect, pytest.mark.torture]
AS_OF = "2026-11-21"
BOUNDARIES = (
    "pull.rename:before", "validate:before", "decide:before", "draft:before", "commit.decisions:inside",
    "commit.transaction:before", "commit.transaction:inside", "commit.transaction:after",
    "publish.delivered:before", "report:before",
)  # fmt: skip
PARTS = (3, 14, 25, 36, 47, 58, 69, 80, 91, 99)
"""Of a hundred of an undisturbed night's seconds: fixed moments, wherever they may fall."""
HANDED_OUT = ("limit_changes.csv", "limit_changes.parquet", "queue.csv", "drafts.jsonl", "outbox.jsonl")

ASKED = (
    "select batch, kind, state, root from batch order by seq",
    "select batch_seq, destination, event, changes from publication order by seq",
    "select case_id from review_case order by case_id",
    "select kind from log_entry order by seq",
)


def words(place: Path, home: Path) -> list[str]:
    source = place / "lender" / AS_OF
    given = ("night", "--source", source, "--as-of", AS_OF, "--home", home, "--json")
    return list(map(str, given))


def environment(place: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PREFECT_HOME": str(place / "prefect"), **more}


def left(home: Path) -> dict[str, Any]:
    """What a night leaves that no clock has a hand in: files by their hash, and what stands in the ledger."""
    kept = [path for folder in ("batches", "snapshots") for path in (home / folder).rglob("*")]
    kept += [home / "out" / AS_OF / name for name in HANDED_OUT]
    found: dict[str, Any] = {
        path.relative_to(home).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in kept
        if path.is_file() and path.name.split("-")[0] not in ("salts", "leaves")
    }
    with closing(sqlite3.connect(home / "ledger.db")) as db:
        for question in ASKED:
            found[question] = db.execute(question).fetchall()
    found["half"] = sorted(path.name for path in home.rglob("*.partial"))
    found["work"] = sorted(path.name for path in (home / "work").glob("*"))
    return found


def until_killed(place: Path, home: Path, *, point: str = "", after_seconds: float = 0.0) -> None:
    """Start a night, and kill it at a boundary or after a time; it may have ended by then."""
    with subprocess.Popen(
        [SCRIPT, *words(place, home)],
        env=environment(place, LINEWATCH_FAULT_AT=point),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        if point:
            assert run.wait(timeout=600) == -signal.SIGKILL, point
            return
        try:
            run.wait(timeout=after_seconds)
        except subprocess.TimeoutExpired:
            run.kill()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], float]:
    """A folder with a lender and a Prefect, what an undisturbed night leaves, and its seconds."""
    place = tmp_path_factory.mktemp("nights")
    assert linewatch("demo", "--borrowers", 100, "--out", place / "lender").exit_code == 0
    seconds = 0.0
    for home in (place / "first", place / "whole"):  # the first makes Prefect's database too
        began = time.monotonic()
        ended = linewatch(*words(place, home), PREFECT_HOME=str(place / "prefect"))
        seconds = time.monotonic() - began
        assert ended.exit_code == 0, ended.err
    assert left(place / "first") == left(place / "whole")
    return place, left(place / "whole"), seconds


def test_a_night_killed_at_any_of_twenty_moments_ends_as_undisturbed_once_started_again(
    undisturbed: tuple[Path, dict[str, Any], float],
) -> None:
    place, whole, seconds = undisturbed
    found = []
    moments: list[tuple[str, dict[str, Any]]] = [(point, {"point": point}) for point in BOUNDARIES]
    moments += [(f"{part} % of the way", {"after_seconds": seconds * part / 100}) for part in PARTS]
    for number, (at, how) in enumerate(moments):
        home = place / f"home-{number}"
        until_killed(place, home, **how)
        told = linewatch("status", "--home", home, "--json")
        cut = told.answer.get("cut_off", []) if told.exit_code == 0 else []
        again = linewatch(*words(place, home), PREFECT_HOME=str(place / "prefect"))
        assert again.exit_code == 0, f"{at}: {again.err}"
        state = left(home)
        odd = [name for name in sorted({*whole, *state}) if whole.get(name) != state.get(name)]
        outcome = f"otherwise: {', '.join(odd)}" if odd else "as undisturbed"
        found.append({"at": at, "step": cut[0]["step"] if cut else "", "outcome": outcome})
        print(json.dumps(found[-1]))
    page.keep(datetime.now(UTC).date().isoformat(), nights=found)
    assert {each["outcome"] for each in found} == {"as undisturbed"}
