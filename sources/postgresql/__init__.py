"""A lender's PostgreSQL: its tables as a night's source, and the table that takes the night's changes."""

from sources.postgresql.address import Address, address_of
from sources.postgresql.delivery import COLUMNS, TABLE, Altered, Sum, There, deliver, look, rows_of, sums
from sources.postgresql.faults import Trouble
from sources.postgresql.reading import Database, Reading, reading

__all__ = [
    "COLUMNS",
    "TABLE",
    "Address",
    "Altered",
    "Database",
    "Reading",
    "Sum",
    "There",
    "Trouble",
    "address_of",
    "deliver",
    "look",
    "reading",
    "rows_of",
    "sums",
]
