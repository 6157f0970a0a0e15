"""Who may let a night through, throw it away or undo it, and who may decide cases: the profile's register."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linewatch.errors import DataRefused

ROLE = "approver"
"""What the register must say of a person who approves, discards or reverses a night."""
REVIEWER = "reviewer"
"""What it must say of a person who takes and decides cases."""


@dataclass(frozen=True)
class Register:
    """The people of a profile, as the night was decided under; empty where none are registered."""

    people: Mapping[str, Mapping[str, Any]]

    def check(self, by: str, because: str, moved_cents: int | None = 0) -> bool:
        """Whether the person is registered; without a register any name is taken.

        `moved_cents` is what the limits in question move by, up and down added, in the reporting currency;
        None where it is not known. Raises DataRefused for a person who may not, or not for so much.
        """
        missing = [name for name, text in (("--by", by), ("--because", because)) if not text.strip()]
        if missing:
            raise DataRefused(
                f"{' and '.join(missing)} must say something: who decides, and why, is kept.",
                what_now="Give both and run the same command again.",
            )
        if not self.people:
            return False
        if by not in self._able():
            raise DataRefused(
                f"{by!r} may not approve, discard or reverse a night: the profile's register names "
                f"{', '.join(self._able()) or 'nobody'} as {ROLE}.",
                what_now="Nothing was changed. Ask one of them, or amend the profile.",
            )
        self._check_amount(by, moved_cents)
        return True

    def check_reviewer(self, by: str) -> bool:
        """Whether the person is registered; without a register any name is taken. Raises DataRefused for a
        name that says nothing, and for a person who is no reviewer.
        """
        if not by.strip():
            raise DataRefused(
                "--by must say something: who works on a case is kept.",
                what_now="Give it and run the same command again.",
            )
        if not self.people:
            return False
        if by not in self._able(REVIEWER):
            raise DataRefused(
                f"{by!r} may not work on cases: the profile's register names "
                f"{', '.join(self._able(REVIEWER)) or 'nobody'} as {REVIEWER}.",
                what_now="Nothing was changed. Ask one of them, or amend the profile.",
            )
        return True

    def _check_amount(self, by: str, moved_cents: int | None) -> None:
        limit = int(self.people[by].get("amount_limit_cents", 0))
        if moved_cents is not None and moved_cents <= limit:
            return
        moved = "an unknown amount" if moved_cents is None else f"{moved_cents:,} cents"
        enough = [
            name
            for name in self._able()
            if moved_cents is not None and int(self.people[name].get("amount_limit_cents", 0)) >= moved_cents
        ]
        raise DataRefused(
            f"{by!r} may decide on {limit:,} cents; this moves limits by {moved}, up and down together.",
            where="amount_limit_cents of the profile's people",
            what_now=f"Nothing was changed. Ask {', '.join(enough)}."
            if enough
            else "Nothing was changed. Nobody in the register may decide on so much: amend the profile.",
        )

    def _able(self, role: str = ROLE) -> list[str]:
        return sorted(name for name, person in self.people.items() if role in person["roles"])


def register_of(profile: str | None) -> Register:
    """The register that a profile's text holds."""
    people: list[dict[str, Any]] = tomllib.loads(profile).get("people", []) if profile else []
    return Register({str(person["id"]): person for person in people})


def other_than(first: str, second: str) -> bool:
    """Whether two names are two people: blanks and capitals make nobody another."""
    return first.strip().casefold() != second.strip().casefold()
