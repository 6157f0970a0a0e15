"""What a database holds of the data contract, and in which types."""

# Names cannot be bound; these are the contract's own.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sources.postgresql.address import Address, quoted
from sources.table import SourceRefused
from sql.contract import REQUIRED, Column, Table, contract

WHOLE = ("smallint", "integer", "bigint", "numeric")
READ_AS: dict[str, tuple[str, ...]] = {
    "BIGINT": WHOLE,
    "INTEGER": WHOLE,
    "VARCHAR": ("text", "character varying", "character", "citext", "uuid", "name", "enum"),
    "DATE": ("date", "timestamp without time zone"),
    "TIMESTAMP": ("timestamp without time zone", "timestamp with time zone", "date"),
    "BOOLEAN": ("boolean",),
}
"""For each contract type, what PostgreSQL holds it in without loss; of numeric, the whole numbers."""
FOUND = """
    select
        c.relname::text as relation,
        pg_catalog.pg_table_is_visible(c.oid) as visible,
        n.nspname::text as schema,
        pg_catalog.pg_relation_size(c.oid) as bytes,
        a.attname::text as name,
        pg_catalog.has_column_privilege(c.oid, a.attnum, 'select') as readable,
        case
            when t.typtype = 'e' then 'enum'
            else pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null)
        end as type
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
    inner join pg_catalog.pg_type as t on a.atttypid = t.oid
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname not in ('pg_catalog', 'information_schema')
        and lower(c.relname) in ({names})
    order by n.nspname, c.relname, a.attnum
"""


@dataclass(frozen=True)
class Relation:
    """A table or view of the database that holds a table of the contract."""

    table: Table
    schema: str
    name: str
    bytes: int
    columns: Mapping[Column, str]
    """What is read of it: the contract's column, and the name that it has there."""
    left_out: tuple[str, ...]
    """Columns that the contract does not know: they are not read."""
    closed: tuple[str, ...]
    """Columns of the contract that the reader may not read."""

    @property
    def query(self) -> str:
        listed = (_read(column, name) for column, name in self.columns.items())
        return f"select {', '.join(listed)} from {quoted(self.schema)}.{quoted(self.name)}"

    @property
    def notes(self) -> tuple[str, ...]:
        told = (
            ("columns not of the contract, left out", self.left_out),
            ("columns that the reader may not read, left out", self.closed),
        )
        return tuple(f"{self.table.name}: {what}: {', '.join(names)}" for what, names in told if names)


def catalog_query() -> str:
    """The statement whose rows `relations` reads."""
    return FOUND.format(names=", ".join(f"'{name}'" for name in contract()))


def relations(rows: Iterable[Mapping[str, Any]], address: Address) -> list[Relation]:
    """The contract's tables by name. Raises SourceRefused for none, for one that may not be read, and with
    every column whose type cannot hold what the contract says.
    """
    here = [row for row in rows if (row["schema"] == address.schema if address.schema else row["visible"])]
    found: dict[str, Relation] = {}
    faults: list[str] = []
    for (schema, name), columns in groupby(here, key=lambda row: (row["schema"], row["relation"])):
        table = contract()[name.lower()]
        if table.name in found:
            faults.append(
                f"the table {table.name} is there more than once, as {found[table.name].name} and {name}"
            )
            continue
        found[table.name] = _relation(table, schema, name, list(columns), faults)
    if faults:
        raise SourceRefused(
            f"{address.said}: {faults[0]}.\n" + "\n".join(f"{fault}." for fault in faults[1:])
        )
    if not found:
        raise SourceRefused(
            f"{address.said}: no table of the contract is to be seen there.\n"
            f"It needs {' and '.join(REQUIRED)}, where schema= says or the reader's search_path leads."
        )
    return [found[name] for name in sorted(found)]


def _relation(
    table: Table, schema: str, name: str, rows: list[Mapping[str, Any]], faults: list[str]
) -> Relation:
    columns: dict[Column, str] = {}
    closed, left_out = [], []
    for row in rows:
        column = table.column(row["name"].lower())
        if column is None:
            left_out.append(row["name"])
        elif not row["readable"]:
            closed.append(row["name"])
        elif row["type"] not in READ_AS[column.type]:
            faults.append(
                f"{table.name}: column {column.name} is {row['type']}, which is no {column.type} without "
                f"loss; a view can make it {' or '.join(READ_AS[column.type])}"
            )
        elif column in columns:
            faults.append(f"{table.name}: names a column twice: {column.name}")
        else:
            columns[column] = row["name"]
    if closed and not columns:
        faults.append(
            f"{table.name}: the reader may not read it; grant select on {schema}.{name}, or hide it"
        )
    elif not columns and not faults:
        faults.append(f"{table.name}: has no column of the contract's table")
    return Relation(
        table, schema, name, rows[0]["bytes"] or 0, columns, tuple(sorted(left_out)), tuple(sorted(closed))
    )


def _read(column: Column, name: str) -> str:
    """Text of any kind as text: the drivers have types of their own for some."""
    cast = "::pg_catalog.text" if column.type == "VARCHAR" else ""
    return f"{quoted(name)}{cast} as {quoted(column.name)}"
