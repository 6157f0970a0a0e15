"""Canonical rows from Parquet: the same bytes as the plainest way to make them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.proof import FIELDS as WRITTEN
from linewatch.proof import VERSION as WRITTEN_VERSION
from tests.verify.by_the_page import canonical, change, decision, kind_of
from verify.fields import CHANGE_FIELDS, FIELDS, NESTED, VERSION
from verify.rows import Lacking, rows_of
from verify.rows import canonical as of_file
from verify.strict import Malformed

TEXT = st.none() | st.text(st.characters(codec="utf-8"), max_size=8)
NUMBER = st.none() | st.integers(-(2**63), 2**63 - 1)


def written(path: Path, rows: list[dict[str, Any]], fields: tuple[str, ...]) -> Path:
    table = pa.table({name: pa.array([row[name] for row in rows], kind_of(name)) for name in fields})
    pq.write_table(table, path)
    return path


def read(path: Path, of: str = "decisions") -> list[bytes]:
    return [row for rows, _ in of_file(path, of) for row in rows]


def test_the_fields_are_those_of_the_writer() -> None:
    assert (VERSION, FIELDS) == (WRITTEN_VERSION, WRITTEN)


def test_rows_are_as_json_makes_them(tmp_path: Path) -> None:
    rows = [decision(number) for number in range(200)]
    path = written(tmp_path / "d.parquet", rows, FIELDS)
    assert read(path) == [canonical(row, FIELDS) for row in rows]
    assert rows_of(path) == 200


def test_changes_are_as_json_makes_them_and_other_columns_do_not_count(tmp_path: Path) -> None:
    rows = [change(decision(number)) for number in range(20_000)]
    path = written(tmp_path / "c.parquet", rows, (*CHANGE_FIELDS, "batch"))
    assert read(path, "changes") == [canonical(row, CHANGE_FIELDS) for row in rows]


def test_no_rows_are_no_rows(tmp_path: Path) -> None:
    assert read(written(tmp_path / "d.parquet", [], FIELDS)) == []


@given(
    TEXT,
    NUMBER,
    st.none() | st.booleans(),
    st.none() | st.dates(),
    st.none() | st.lists(TEXT, max_size=3),
    TEXT,
)
def test_any_value_is_as_json_makes_it(
    tmp_path_factory: pytest.TempPathFactory,
    text: str | None,
    number: int | None,
    flag: bool | None,
    day: date | None,
    texts: list[str | None] | None,
    inner: str | None,
) -> None:
    reason = {"code": inner, "family": text, "points": None, "cents": number}
    row = decision(
        1, segment=text, limit_cents=number, due=flag, anchor_on=day, triggers=texts, reasons=[reason] * 2
    )
    path = written(tmp_path_factory.mktemp("any") / "d.parquet", [decision(0), row, decision(2)], FIELDS)
    assert read(path)[1] == canonical(row, FIELDS)


def test_a_file_of_other_columns_or_kinds_is_refused(tmp_path: Path) -> None:
    rows = [decision(1)]
    with pytest.raises(Lacking, match="`adverse_because`"):
        read(written(tmp_path / "d.parquet", rows, FIELDS[:-1]))
    table = pq.read_table(written(tmp_path / "d.parquet", rows, FIELDS))
    at = table.column_names.index("score")
    pq.write_table(table.set_column(at, "score", pa.array([1.5])), tmp_path / "f.parquet")
    with pytest.raises(Malformed, match="type double"):
        read(tmp_path / "f.parquet")
    nested = pa.array([[{"code": "a"}]], pa.list_(pa.struct([("code", pa.string())])))
    pq.write_table(
        table.set_column(table.column_names.index("reasons"), "reasons", nested), tmp_path / "g.parquet"
    )
    with pytest.raises(Malformed, match="reasons"):
        read(tmp_path / "g.parquet")
    (tmp_path / "h.parquet").write_bytes(b"PAR1 and no more")
    for refuse in (lambda: read(tmp_path / "h.parquet"), lambda: rows_of(tmp_path / "h.parquet")):
        with pytest.raises(Malformed, match="as Parquet"):
            refuse()


def test_the_records_in_lists_are_known() -> None:
    assert set(NESTED) <= set(FIELDS)
