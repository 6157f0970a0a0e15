"""The canonical rows of decisions, which the root of a batch hashes (docs/adr: what the root is)."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from sql.engine import Cursor


def canonical_rows(db: Cursor) -> Iterator[pa.Buffer]:
    """The canonical rows of `decisions` in order, many at a time, as one run of bytes each."""
    for batch in db.batches("records/canonical_decisions"):
        rows = pa.ListArray.from_arrays(pa.array([0, len(batch)], pa.int32()), batch.column(0))
        yield pc.binary_join(rows, b"")[0].as_buffer()
