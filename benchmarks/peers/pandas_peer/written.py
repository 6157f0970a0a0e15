"""Results as Parquet, a row group a block: what stands for null becomes null again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.pandas_peer.whole import unknown_of


def write(path: Path, ids: dict[str, Any], parts: Iterable[pd.DataFrame]) -> None:
    """Write the id columns, then the columns of `parts`, whose rows follow each other."""
    tables = [pa.table({name: _arrow(part[name]) for name in part.columns}) for part in parts]
    values = pa.concat_tables(tables, promote_options="permissive")
    table = pa.table({**ids, **dict(zip(values.column_names, values.columns, strict=True))})
    pq.write_table(table, path, compression="zstd")


def _arrow(column: pd.Series) -> pa.Array:
    if column.dtype.kind != "i":
        return pa.Array.from_pandas(column)
    values = column.to_numpy()
    return pa.array(values, mask=values == unknown_of(values))
