"""The same night in pandas: what a team would write instead of Linewatch's statements, as fast as it goes.

Columns lie by borrower, line or enterprise, so that nothing is joined twice, and are worked on a block of
borrowers at a time, by as many threads as there are cores; whole cents in int64 throughout. What only carries
over from a past night, or no generated lender has, is left out: past decisions, quarantine, rules of the
policy, records of law that forbid rises, borrowers of several currencies, reports that count our own lines.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.peers.pandas_peer.decide import WRITTEN, decide
from benchmarks.peers.pandas_peer.features import features
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.read import Names, read_lender
from benchmarks.peers.pandas_peer.scores import Card
from benchmarks.peers.pandas_peer.written import write
from linewatch.characteristics import characteristics, tables_of
from linewatch.documents import Documents, cards_in_use, load_documents

Tables = dict[str, list[pd.DataFrame]]


def run(source: Path, as_of: date, out: Path) -> dict[str, float]:
    """Decide a night of `source` barely, and leave the files of benchmarks.floor in `out`; seconds a step.

    Raises ValueError for what no generated lender has.
    """
    out.mkdir(parents=True, exist_ok=True)
    documents = load_documents(as_of)
    policy = documents.policy.tables()
    seconds: dict[str, float] = {}
    begun = time.perf_counter()

    def done(step: str) -> None:
        nonlocal begun
        seconds[step] = time.perf_counter() - begun
        begun = time.perf_counter()

    lender, names = read_lender(source, as_of, characteristics().currency_scale, policy)
    done("read")
    tables = dict(zip(SUBJECTS, map(list, zip(*lender.each_block(features), strict=True)), strict=True))
    lender.months.clear()
    done("features")
    scores = _rescore(lender, tables, documents)
    done("rescore")
    decisions = decide(lender, names, documents, policy)
    done("decide")
    _write(out, lender, names, tables, scores, decisions)
    done("write")
    return seconds


def _rescore(lender: Lender, tables: Tables, documents: Documents) -> list[pd.DataFrame]:
    """The scores of consumers, then of enterprises; leaves `score` and `pd_bp` with the lender's people."""
    cards = tables_of(cards_in_use(documents))
    of_people = {name: np.empty(lender.borrowers, np.int32) for name in ("score", "pd_bp")}
    scores = []
    for number, (subject, parts) in enumerate(tables.items()):
        card = Card(subject, cards)
        with ThreadPoolExecutor(cpu_count()) as pool:
            scored = pd.concat(pool.map(card.scores, parts), ignore_index=True)
        for name, values in of_people.items():
            values[lender.people["subject"] == number] = scored[name]
        scores.append(scored)
    lender.people |= of_people
    return scores


def _write(
    out: Path,
    lender: Lender,
    names: Names,
    tables: Tables,
    scores: list[pd.DataFrame],
    decisions: pd.DataFrame,
) -> None:
    def of(which: Any) -> pa.ChunkedArray:
        return names.borrower_ids.filter(pa.array(which))

    subject = lender.people["subject"]
    ids = {name: of(subject == number) for number, name in enumerate(SUBJECTS)}
    everybody = pa.chunked_array([chunk for each in ids.values() for chunk in each.chunks])
    line_ids = {
        "facility_id": names.facility_ids.take(pa.array(decisions["row"])),
        "borrower_id": names.borrower_ids.take(pa.array(decisions["owner"])),
        "group_id": names.borrower_ids.take(pa.array(decisions["group"])),
    }
    files: list[tuple[str, dict[str, Any], list[pd.DataFrame]]] = [
        *((f"features_{name}", {"borrower_id": ids[name]}, parts) for name, parts in tables.items()),
        ("decisions", line_ids, [decisions[list(WRITTEN)]]),
        ("scores", {"borrower_id": everybody}, scores),
    ]
    with ThreadPoolExecutor(cpu_count()) as pool:
        list(pool.map(lambda file: write(out / f"{file[0]}.parquet", *file[1:]), files))
