"""What of other people is left out of what a borrower is given."""

from __future__ import annotations

from typing import Any

from linewatch.spreadsheet import ways_written
from linewatch.whereabouts import OTHERS, SHOWN_OF_OTHERS
from tasks.access.gather import Part

OURSELVES = ("linewatch", "", None)
PEOPLE = ("by", "second", "holder", "reviewer", "Taken by", "Reviewer")
"""Where people of the lender stand: in the record, and in a queue by name and by head."""
PERSON = "a person at the lender"
LINKS = ("control_link", "social_link")


class Masks:
    """Other borrowers by number, the same number wherever they stand."""

    def __init__(self, borrower_id: str) -> None:
        self.borrower_id = borrower_id
        self.numbers: dict[str, int] = {}

    def rows(self, part: Part) -> list[dict[str, Any]]:
        """The rows of a part as they may be shown, each with the paths where it lies; of rows of others, what
        they say of the borrower, or nothing.
        """
        shown = SHOWN_OF_OTHERS.get(part.name, ())
        told = []
        for row, paths in part.rows.values():
            if not part.of_others:
                told.append({"row": self._own(row), "in": list(paths)})
            elif shown:
                told.append({"row": self._masked({name: row.get(name) for name in shown}), "in": list(paths)})
        return told

    def _own(self, row: dict[str, Any]) -> dict[str, Any]:
        masked = {name: each for name, each in self._masked(row).items() if name not in ("salt", "leaf")}
        if row.get("table_name") in LINKS and isinstance(row.get("key"), str):
            masked["key"] = "|".join(self._key(each, at) for at, each in enumerate(row["key"].split("|")))
        for name in PEOPLE:
            if masked.get(name) not in OURSELVES:
                masked[name] = PERSON
        return masked

    def _key(self, part: str, at: int) -> str:
        """The first two parts of a link's key are borrowers."""
        return self._other(part) if at < 2 else part

    def _masked(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: self._other(each) if name in OTHERS and isinstance(each, str) else self._masked(each)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._masked(each) for each in value]
        return value

    def _other(self, key: str) -> str:
        if key in ways_written(self.borrower_id):
            return self.borrower_id
        return f"another borrower {self.numbers.setdefault(key, len(self.numbers) + 1)}"
