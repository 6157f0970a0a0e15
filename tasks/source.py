"""What a source says of itself before a night is opened."""

from __future__ import annotations

from datetime import date

from sources import mapping


def default_as_of(source: str) -> date | None:
    """The last day of a public data set named NAME:PATH; None for every other source.

    What is wrong with a source is said by the pull.
    """
    name, colon, _ = source.partition(":")
    return mapping.default_as_of(name) if colon and name in mapping.names() else None
