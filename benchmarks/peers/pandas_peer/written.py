"""Results as Parquet: UNKNOWN becomes null, and whole numbers as narrow as their column is known to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.pandas_peer.whole import UNKNOWN


def write(path: Path, ids: dict[str, Any], values: pd.DataFrame) -> None:
    """Write the id columns, then the columns of `values`."""
    columns = dict(ids)
    columns |= {name: _arrow(values[name]) for name in values.columns}
    pq.write_table(pa.table(columns), path, compression="zstd")


def _arrow(column: pd.Series) -> pa.Array:
    if column.dtype.kind == "i":
        values = column.to_numpy()
        return pa.array(values, mask=values == UNKNOWN if values.dtype == np.int64 else None)
    return pa.Array.from_pandas(column)
