"""Whether two folders of results say the same on every row and column; the first differences, if not.

python -m benchmarks.equal OURS THEIRS [TABLE ...]
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import duckdb

from benchmarks.floor import WRITTEN

KEYS = {
    "features_consumer": "borrower_id",
    "features_enterprise": "borrower_id",
    "scores": "borrower_id",
    "decisions": "facility_id",
}


def differences(ours: Path, theirs: Path, tables: Iterable[str] = tuple(WRITTEN)) -> dict[str, list[str]]:
    """By table: what is missing or differs, column by column with the first key; empty where all is equal.

    Columns are compared by name and value; a table or column that only one side has is a difference.
    """
    found = {}
    for table in tables:
        left, right = (folder / f"{table}.parquet" for folder in (ours, theirs))
        found[table] = _of_table(left, right, KEYS[table]) if right.exists() else [f"no {right}"]
    return {table: said for table, said in found.items() if said}


def _of_table(left: Path, right: Path, key: str) -> list[str]:
    with duckdb.connect(config={"temp_directory": str(right.parent / "spill")}) as db:
        names = [
            {row[0] for row in db.execute("describe from read_parquet(?)", [str(path)]).fetchall()}
            for path in (left, right)
        ]
        said = [f"only one side has the column {name}" for name in sorted(names[0] ^ names[1])]
        both = sorted((names[0] & names[1]) - {key})
        picked = ", ".join(
            f"count(*) filter (where a.{name} is distinct from b.{name}),"
            f" min({key}) filter (where a.{name} is distinct from b.{name})"
            for name in both
        )
        counts = db.execute(
            "select count(*) filter (where a.here is null), count(*) filter (where b.here is null),"
            f" {picked} from (select *, 1 as here from read_parquet(?)) as a"
            f" full join (select *, 1 as here from read_parquet(?)) as b using ({key})",
            [str(left), str(right)],
        ).fetchall()[0]
    said += [f"{rows} rows only in {side}" for rows, side in zip(counts, (right, left), strict=False) if rows]
    differing = zip(both, counts[2::2], counts[3::2], strict=True)
    return said + [
        f"{name}: {rows} rows differ, first {key} {first}" for name, rows, first in differing if rows
    ]


if __name__ == "__main__":
    told = differences(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or tuple(WRITTEN))
    for table, lines in told.items():
        print(f"{table}:", *lines, sep="\n  ")
    print("equal" if not told else "NOT equal")
    sys.exit(bool(told))
