"""A letter that was drafted before letters had references is read all the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ledger import Batch, StoredFile
from sql.engine import Engine
from tasks.letters.letter import letters_of

OLD = {
    "draft_id": "d" * 32,
    "facility_id": "F1",
    "borrower_id": "B1",
    "kind": "decrease",
    "language": "en",
    "effective_on": date(2026, 12, 1),
    "deadline_on": date(2026, 12, 1),
    "subject": "Your credit limit is going down",
    "body": "Dear Ann,\n",
    "reason_codes": ["late_payments"],
}


@pytest.mark.parametrize("reference", [None, "383329EDA1A88FA9"])
def test_a_letter_has_the_reference_that_its_draft_has(tmp_path: Path, reference: str | None) -> None:
    draft = OLD if reference is None else {**OLD, "reference": reference}
    pq.write_table(pa.Table.from_pylist([draft]), tmp_path / "drafts.parquet")
    batch = Batch(
        batch="one",
        kind="night",
        as_of=date(2026, 11, 20),
        root="",
        source="",
        source_identity="",
        documents_identity="",
        snapshot="",
        folder="",
        files={"drafts": StoredFile("drafts.parquet", "0" * 64, 1, 1)},
        counts={},
        version="",
    )
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        (letter,) = letters_of(db, tmp_path, batch)
    assert (letter.reference, letter.text, letter.change_id) == (reference, "Dear Ann,\n", None)
