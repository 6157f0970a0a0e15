"""The tables of the data contract, as a folder of Parquet has them: lazily, and the wanted columns alone."""

from pathlib import Path

import polars as pl


class Source:
    """A folder with a Parquet file a table; a table that is not there has no rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def table(self, name: str, /, **columns: type[pl.DataType]) -> pl.LazyFrame:
        """The columns named, of these types."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            return pl.LazyFrame(schema=columns)
        return pl.scan_parquet(path).select(pl.col(column).cast(kind) for column, kind in columns.items())
