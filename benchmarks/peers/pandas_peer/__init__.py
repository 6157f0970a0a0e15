"""The same night in pandas: what a team would write instead of Linewatch's statements, as fast as it goes.

A first night of a generated lender: nothing carries over from a night before. Tables are NumPy columns by row
of borrower or line, so that nothing is joined twice; whole cents in int64 throughout.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.peers.pandas_peer import business, security
from benchmarks.peers.pandas_peer.decide import WRITTEN, decide
from benchmarks.peers.pandas_peer.features import characteristics
from benchmarks.peers.pandas_peer.lender import Lender, read_lender, treated
from benchmarks.peers.pandas_peer.lines import Facts
from benchmarks.peers.pandas_peer.scores import scored
from benchmarks.peers.pandas_peer.source import is_one_of
from benchmarks.peers.pandas_peer.whole import Ints
from benchmarks.peers.pandas_peer.written import write
from linewatch import characteristics as definitions
from linewatch.documents import load_documents
from tasks.rescore import cards_in_use


def run(source: Path, as_of: date, out: Path) -> dict[str, float]:
    """Decide a night of `source` barely, and leave the files of benchmarks.floor in `out`; seconds a step."""
    out.mkdir(parents=True, exist_ok=True)
    documents = load_documents(as_of)
    policy = documents.policy.tables()
    seconds: dict[str, float] = {}
    begun = time.perf_counter()

    def done(step: str) -> None:
        nonlocal begun
        seconds[step] = time.perf_counter() - begun
        begun = time.perf_counter()

    defined = definitions.characteristics()
    lender = read_lender(source, as_of, defined.currency_scale)
    done("read")
    statement = business.statements(lender.source, lender.borrower_ids, as_of, defined.currency_scale)
    assessment = business.assessments(lender.source, lender.borrower_ids, as_of)
    group = security.exposure_groups(
        lender.source, lender.borrower_ids, as_of, policy["pol_control_group"][0]
    )
    in_default = _in_default(lender, policy["pol_control_group"][0]["default_treatments"])
    cover = security.covers(
        lender.source,
        lender.facility_ids,
        lender.borrower_ids,
        lender.owned.owner,
        group,
        in_default | _is_void(lender),
        as_of,
    )
    consumers, enterprises = characteristics(lender, statement, assessment, cover)
    done("features")
    cards = definitions.tables_of(cards_in_use(documents))
    parts = [scored(consumers, "consumer", cards), scored(enterprises, "enterprise", cards)]
    scores = pd.concat(parts)
    subject = lender.borrower["subject"].to_numpy()
    score, pd_bp = (_by_borrower(parts, name, subject) for name in ("score", "pd_bp"))
    done("rescore")
    facts = Facts(group, in_default, statement, assessment, score, pd_bp)
    decisions = decide(lender, documents, policy, facts, cover)
    done("decide")
    ids = [lender.borrower_ids.filter(pa.array(subject == number)) for number in (0, 1)]
    for number, (name, features) in enumerate((("consumer", consumers), ("enterprise", enterprises))):
        columns = [item.name for item in defined.of(name)]
        write(out / f"features_{name}.parquet", {"borrower_id": ids[number]}, features[columns])
    write(out / "scores.parquet", {"borrower_id": pa.chunked_array([*ids[0].chunks, *ids[1].chunks])}, scores)
    write(
        out / "decisions.parquet",
        {
            "facility_id": lender.facility_ids.take(pa.array(decisions["row"])),
            "borrower_id": lender.borrower_ids.take(pa.array(decisions["owner"])),
            "group_id": lender.borrower_ids.take(pa.array(decisions["group"])),
        },
        decisions[list(WRITTEN)],
    )
    done("write")
    return seconds


def _by_borrower(parts: list[pd.DataFrame], name: str, subject: Ints) -> Ints:
    """A column of the consumers' and of the enterprises' scores, a value a borrower."""
    values = np.empty(len(subject), np.int64)
    for number, part in enumerate(parts):
        values[subject == number] = part[name]
    return values


def _in_default(lender: Lender, kinds: list[str]) -> Any:
    late = lender.facility["is_open"].to_numpy() & (lender.facility["days_past_due"].to_numpy() >= 90)
    found = lender.owned.any(late)
    owner, kind, holds = treated(lender)
    found[owner[holds & is_one_of(kind, *kinds)]] = True
    return found


def _is_void(lender: Lender) -> Any:
    return (lender.borrower["deceased_on"].to_numpy() <= np.datetime64(lender.as_of).astype(int)) | (
        lender.borrower["fraud"].to_numpy() == 1
    )
