"""A night is revised from the console script: what is published and written beside the first version."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from linewatch.documents import SHIPPED
from tests.flows.console import Ended, linewatch
from tests.letters.letters_fixture import outbox_in

pytestmark = [pytest.mark.prefect, pytest.mark.slow]  # tests/tasks/test_revise.py tries each part of it
AS_OF = "2026-11-21"


def test_a_night_is_revised_and_stands_so(tmp_path: Path) -> None:
    assert linewatch("demo", "--borrowers", 150, "--out", tmp_path / "lender").exit_code == 0
    policy = tmp_path / "policy.toml"
    text = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    policy.write_text(text.replace("low = 11000, mid = 12000", "low = 10000, mid = 10000"), encoding="utf-8")
    home = tmp_path / "home"

    def night(*words: object) -> Ended:
        given = ("--source", tmp_path / "lender" / AS_OF, "--as-of", AS_OF, "--home", home, "--json")
        return linewatch("night", *given, *words)

    first = night()
    assert first.exit_code == 0, first.err
    told = (home / "out" / AS_OF / "drafts.jsonl").read_bytes()
    refused = night("--policy", policy)
    assert refused.exit_code == 2
    assert "--revise" in refused.answer["error"]["what_now"]
    revised = night("--policy", policy, "--revise")
    assert revised.exit_code == 0, revised.err
    assert revised.answer["batch"].startswith(f"{AS_OF}-revision-1-")
    folder = home / "out" / AS_OF / revised.answer["batch"].removeprefix(f"{AS_OF}-")
    assert pq.read_metadata(folder / "limit_changes.parquet").num_rows == revised.answer["changes"] > 0
    letters = (folder / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
    assert "correction" in {json.loads(line)["kind"] for line in letters}
    assert (home / "out" / AS_OF / "drafts.jsonl").read_bytes() == told
    again = night("--policy", policy, "--revise")
    assert (again.exit_code, again.answer["status"]) == (0, "unchanged")
    assert again.answer["paths"]["drafts"] == str(folder / "drafts.jsonl")
    assert again.answer["paths"]["outbox"] == str(folder / "outbox.jsonl")
    assert {entry["batch"] for entry in outbox_in(folder)} == {revised.answer["batch"]}
    status = linewatch("status", "--home", home, "--json").answer
    assert status["newest"]["batch"] == revised.answer["batch"]
    assert status["unpublished"] == []
    verified = linewatch("log", "verify", "--home", home)
    assert verified.exit_code == 0, verified.out + verified.err
