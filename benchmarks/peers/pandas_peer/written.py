"""Results as Parquet, a row group a block: what stands for null becomes null again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.pandas_peer.lender import BLOCK
from benchmarks.peers.pandas_peer.whole import unknown_of


def write(path: Path, ids: Mapping[str, pa.ChunkedArray], parts: Iterable[pd.DataFrame]) -> None:
    """Write the id columns beside the columns of `parts`, whose rows follow each other."""
    begin = 0
    writer = None
    blocks = (
        part.iloc[start : start + BLOCK] for part in parts for start in range(0, max(len(part), 1), BLOCK)
    )
    for part in blocks:
        names = {name: column.slice(begin, len(part)) for name, column in ids.items()}
        table = pa.table(names | {name: _arrow(part[name]) for name in part.columns})
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
        begin += len(part)
    if writer:
        writer.close()


def _arrow(column: pd.Series) -> pa.Array:
    if column.dtype.kind != "i":
        return pa.Array.from_pandas(column)
    values = column.to_numpy()
    return pa.array(values, mask=values == unknown_of(values))
