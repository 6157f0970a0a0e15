"""Canonical rows of decisions and changes, made again from their Parquet files (docs/adr: what the root is).

Column by column in Arrow, which is many times faster than row by row; the form is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from verify.fields import CHANGE_FIELDS, FIELDS, NESTED, VERSION
from verify.strict import Malformed


class Lacking(Malformed):
    """Raised when a file has not the columns of this version."""


COLUMNS = {"decisions": FIELDS, "changes": CHANGE_FIELDS}
_ROWS = 16_384
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_CONTROLS = {letter: _SHORT.get(letter, f"\\u{ord(letter):04X}") for letter in map(chr, range(32))}


def rows_of(path: Path) -> int:
    """How many rows a Parquet file says that it has; raises Malformed."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Malformed(f"cannot be read as Parquet ({type(error).__name__})") from None


def canonical(path: Path, of: str) -> Iterator[tuple[list[bytes], Any]]:
    """Canonical rows in the order of the file, some thousands at a time, with their facility_id as Arrow.

    Each has its length before it and the line feed after it. Raises Malformed.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = set(file.schema_arrow.names)
            missing = [name for name in COLUMNS[of] if name not in names]
            if missing:
                raise Lacking(f"has no column `{missing[0]}`")
            for batch in file.iter_batches(batch_size=_ROWS, columns=list(COLUMNS[of])):
                contents = _contents(batch, COLUMNS[of]).cast(pa.binary()).to_pylist()
                lined = [b"%d:%b\n" % (len(content), content) for content in contents]
                yield lined, batch.column("facility_id")
    except Malformed:
        raise
    # An altered file may fail in any way that its reader knows, and is a finding, not a fault of ours.
    except Exception as error:
        raise Malformed(f"cannot be read as Parquet ({type(error).__name__})") from None


def _contents(batch: pa.RecordBatch, fields: Sequence[str]) -> pa.Array:
    columns = [_json(batch.column(name), name) for name in fields]
    return _array([pa.scalar(str(VERSION)), *columns])


def _json(values: pa.Array, name: str) -> pa.Array:
    """A column as JSON text, unknown as null."""
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        made = _text(values)
    elif pa.types.is_boolean(kind):
        made = values.cast(pa.int8()).cast(pa.string())
    elif pa.types.is_integer(kind):
        made = values.cast(pa.string())
    elif pa.types.is_date32(kind):
        made = pc.binary_join_element_wise('"', values.cast(pa.string()), '"', "")
    elif pa.types.is_list(kind):
        made = _list(values, name)
    elif pa.types.is_null(kind):
        made = values.cast(pa.string())
    else:
        raise Malformed(f"has a column `{name}` of type {kind}, which no canonical row has")
    return made.fill_null("null")


def _list(values: pa.Array, name: str) -> pa.Array:
    inner = values.flatten()
    if pa.types.is_struct(inner.type):
        fields = NESTED.get(name, ())
        if not fields or any(inner.type.get_field_index(field) < 0 for field in fields):
            raise Malformed(f"has a column `{name}` of type {values.type}, which no canonical row has")
        items = _array([_json(pc.struct_field(inner, field), name) for field in fields])
    else:
        items = _json(inner, name)
    lengths = values.value_lengths().fill_null(0)
    ends = pc.cumulative_sum(lengths.cast(pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, items), ",")
    made = pc.binary_join_element_wise("[", joined, "]", "")
    return pc.if_else(values.is_valid(), made, pa.scalar(None, pa.string()))


def _array(parts: Sequence[Any]) -> pa.Array:
    inside = pc.binary_join_element_wise(*parts, ",")
    return pc.binary_join_element_wise("[", inside, "]", "")


def _text(values: pa.Array) -> pa.Array:
    # Most text is one of a few codes: each is written once, and looked up.
    if len(values) == 0:
        return values.cast(pa.string())
    coded = values.dictionary_encode()
    return _quoted(coded.dictionary).take(coded.indices)


def _quoted(values: pa.Array) -> pa.Array:
    text = values.cast(pa.string())
    if not pc.all(pc.string_is_ascii(text)).as_py():
        text = pc.utf8_normalize(text, "NFC")
    if pc.any(pc.match_substring_regex(text, r'["\\\x00-\x1f]')).as_py():
        text = pc.replace_substring(text, "\\", "\\\\")
        text = pc.replace_substring(text, '"', '\\"')
        for letter, escaped in _CONTROLS.items():
            text = pc.replace_substring(text, letter, escaped)
    return pc.binary_join_element_wise('"', text, '"', "")
