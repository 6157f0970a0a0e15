"""The address of a lender's database: what is meant by it, and how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from sources.table import SourceRefused

SCHEMES = ("postgresql", "postgres")
SCHEMA = "schema"
"""The one option that is ours; every other is one of PostgreSQL's own (libpq)."""
PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""How long a server that has gone is waited for, where the address does not say: seconds, and the last one
milliseconds."""
ALWAYS = {"application_name": "linewatch", "client_encoding": "UTF8"}


@dataclass(frozen=True)
class Address:
    """postgresql://user@host/database?schema=name, without a password."""

    said: str
    """As a person typed it."""
    uri: str
    """What the drivers are given."""
    schema: str | None
    """Where the tables lie; None: where the role's search_path finds them."""

    def table(self, name: str) -> str:
        """A table's name for a statement."""
        return f"{quoted(self.schema)}.{quoted(name)}" if self.schema else quoted(name)


def address_of(said: str) -> Address:
    """Raises SourceRefused for what cannot be an address."""
    parts = urlsplit(said)
    if parts.scheme not in SCHEMES:
        raise SourceRefused(f"{said}: not an address as postgresql://user@host/database")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    schema = options.pop(SCHEMA, None)
    if schema == "":
        raise SourceRefused(f"{said}: schema= names no schema")
    asked = urlencode({**PATIENCE, **options, **ALWAYS}, quote_via=quote)
    return Address(said, f"postgresql://{parts.netloc}{parts.path}?{asked}", schema)


def quoted(name: str) -> str:
    """A name of the database's, for a statement."""
    return '"' + name.replace('"', '""') + '"'
