"""A lender's PostgreSQL: its tables as a night's source, and the table that takes the night's changes."""

from sources.postgresql.address import Address, address_of
from sources.postgresql.faults import Trouble
from sources.postgresql.reading import Database, Reading, reading

__all__ = ["Address", "Database", "Reading", "Trouble", "address_of", "reading"]
