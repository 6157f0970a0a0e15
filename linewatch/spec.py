"""What a source or a store may be called: it stands in logs, ledger and pages, and so without a secret."""

from __future__ import annotations

import re

from linewatch.errors import DataRefused

SECRET = re.compile(r"://[^@\s]*:[^@\s]*@|\b(ssl)?(password|passwd|pwd)\s*=", re.IGNORECASE)


DATABASE = re.compile(r"postgres(ql)?://", re.IGNORECASE)


def is_database(source: str) -> bool:
    """Whether this is the address of a PostgreSQL."""
    return DATABASE.match(source) is not None


def refuse_password(source: str) -> None:
    """Raise DataRefused for a SPEC with a password in it; the message does not repeat it."""
    if SECRET.search(source):
        raise DataRefused(
            "An address is given with a password in it.",
            what_now="Name it without: the password comes from PGPASSFILE, PGPASSWORD, the environment of the"
            " store's own package, or a Prefect block.",
        )
