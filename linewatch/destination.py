"""Where the changes of a batch go: a folder of the home, or a table of the lender's database."""

from __future__ import annotations

import tomllib

FOLDER = "folder"
"""The destination of lenders without a system of record: files under out/."""
KEY = "publish_to"


def destination_of(profile: str | None) -> str:
    """Where a profile's text says that changes go. A text of an older version says nothing of it."""
    named = tomllib.loads(profile).get(KEY, "") if profile else ""
    return str(named) or FOLDER
