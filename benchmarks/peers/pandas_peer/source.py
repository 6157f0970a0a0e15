"""The source's Parquet as NumPy columns, and the names of borrowers and lines as rows of their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.peers.pandas_peer.whole import UNKNOWN, Flags, Ints, Values

CODED = {
    *("borrower_type", "jurisdiction", "income_kind", "fraud_flag", "product", "currency", "status"),
    *("last_change_by", "commitment", "kind", "phase", "provider_grade"),
}
"""Texts of few values, which are read as codes."""


def numbers(column: pa.ChunkedArray, null: int = UNKNOWN) -> Ints:
    """Whole numbers, or days since 1970."""
    return narrow(column, null).astype(np.int64, copy=False)


def narrow(column: pa.ChunkedArray, null: int) -> Any:
    """The same in the source's own width, which must hold `null`."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    if column.null_count:
        wide = null < np.iinfo(np.int32).min or null > np.iinfo(np.int32).max
        column = (column.cast(pa.int64()) if wide else column).fill_null(null)
    return column.to_numpy()


def flags(column: pa.ChunkedArray, null: bool = False) -> Flags:
    return column.fill_null(null).to_numpy().astype(np.bool_, copy=False)


def is_known(column: pa.ChunkedArray) -> Flags:
    return column.is_valid().to_numpy()


def is_one_of(column: pa.ChunkedArray, *names: str) -> Flags:
    """Which texts are one of these; a null is none."""
    return pc.is_in(column, pa.array(names, pa.string())).to_numpy()


def place_in(column: pa.ChunkedArray, names: Sequence[str]) -> Any:
    """The place of each text in a short list of names; -1 where it is none of them, or null."""
    return pc.index_in(column, pa.array(names, pa.string())).fill_null(-1).to_numpy().astype(np.int8)


def rows_of(ids: pa.ChunkedArray, *asked: pa.ChunkedArray) -> list[Ints]:
    """For each column of names, the row of `ids` at which each stands; -1 for a stranger and for null.

    One dictionary over all of them: the names of `ids` come first, so their codes are their rows.
    """
    columns = [ids, *(pc.fill_null(column, "") for column in asked)]
    chunks = [chunk for column in columns for chunk in column.chunks]
    coded = pa.chunked_array(chunks, pa.string()).dictionary_encode()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in coded.chunks] or [np.empty(0, np.int64)])
    ends = np.cumsum([len(column) for column in columns])
    return [np.where(part < len(ids), part, -1).astype(np.int64) for part in np.split(codes, ends[:-1])[1:]]


class Source:
    """A folder in the data contract."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, table: str, columns: Sequence[str]) -> pa.Table:
        coded = [name for name in columns if name in CODED]
        return pq.ParquetFile(self.folder / f"{table}.parquet", read_dictionary=coded).read(list(columns))

    def digest(
        self, table: str, columns: Sequence[str], of_rows: Callable[[pa.Table, Ints, int], Values]
    ) -> tuple[pa.ChunkedArray, Values]:
        """What is left of a long table, read a row group at a time by as many threads as there are cores.

        The first column names the owners. `of_rows` gets the rows of a group, the owner of each (its place
        among the group's names) and how many owners there are, and returns a value an owner of everything. An
        owner whose rows lie in several groups has a value from each.
        """
        path = self.folder / f"{table}.parquet"
        metadata = pq.read_metadata(path)
        key, wanted = columns[0], list(columns)

        def group(number: int) -> tuple[pa.Array, Values]:
            file = pq.ParquetFile(path, metadata=metadata, read_dictionary=[key])
            has_rows = metadata.num_row_groups > 0
            rows = file.read_row_group(number, wanted, use_threads=False) if has_rows else file.read(wanted)
            names = rows.column(key).unify_dictionaries().combine_chunks()
            return names.dictionary, of_rows(rows, names.indices.to_numpy(), len(names.dictionary))

        with ThreadPoolExecutor(cpu_count()) as pool:
            parts = list(pool.map(group, range(max(1, metadata.num_row_groups))))
        names = pa.chunked_array([names for names, _ in parts], pa.string())
        return names, {name: np.concatenate([values[name] for _, values in parts]) for name in parts[0][1]}


def gathered(step: np.ufunc, row: Ints, values: Any, rows: int, nothing: int = 0) -> Any:
    """What was digested group by group, one value a row: `step` (np.add, np.maximum) joins several."""
    there = row >= 0
    joined = np.full(rows, nothing, values.dtype)
    step.at(joined, row[there], values[there])
    return joined
