"""The canonical rows of a batch, which its root hashes (docs/adr: what the root is)."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from sql.engine import Cursor

DECISIONS = "records/canonical_decisions"
CHANGES = "records/canonical_changes"


def canonical_batches(db: Cursor, statement: str = DECISIONS) -> Iterator[list[bytes]]:
    """The canonical rows of `decisions` or `changes` in order, many at a time."""
    for batch in db.batches(statement):
        yield batch.column(0).to_pylist()


def canonical_rows(db: Cursor, statement: str = DECISIONS) -> Iterator[pa.Buffer]:
    """The same, many at a time as one run of bytes each."""
    for batch in db.batches(statement):
        rows = pa.ListArray.from_arrays(pa.array([0, len(batch)], pa.int32()), batch.column(0))
        yield pc.binary_join(rows, b"")[0].as_buffer()
