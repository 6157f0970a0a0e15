"""The tables of the data contract, as a folder of Parquet has them: lazily, and the wanted columns alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Source:
    """Tables of the contract by name; one that is not there has no rows."""

    tables: Mapping[str, pl.LazyFrame]

    def table(self, name: str, /, **columns: type[pl.DataType]) -> pl.LazyFrame:
        """The columns named, of these types. Nothing is read before the frame is collected."""
        if name not in self.tables:
            return pl.LazyFrame(schema=columns)
        return self.tables[name].select(pl.col(column).cast(kind) for column, kind in columns.items())


def open_source(folder: Path) -> Source:
    """The tables of a folder, a Parquet file each."""
    return Source({path.stem: pl.scan_parquet(path) for path in sorted(folder.glob("*.parquet"))})
