"""What a database's error means to a person: in our words, for its own may quote a row."""

from __future__ import annotations

import re

PAGE = "docs/postgresql.md"
NOBODY = re.compile(
    r"password|authenticat|pg_hba|role \"|user name map|certificate|no encryption", re.IGNORECASE
)
NOT_THERE = re.compile(r"database \".*\" does not exist", re.IGNORECASE)
PASSWORD = (
    "it does not let this user in: the password is missing or wrong, or pg_hba.conf says no",
    "Put the password into PGPASSFILE or PGPASSWORD, where this command sees it.",
)
GRANT = f"{PAGE} has the grants that are needed."
TABLE = f"{PAGE} has the statement that makes it."
AGAIN = "It may pass by itself."
MEANT: dict[str, tuple[str, str]] = {
    "28": PASSWORD,
    "3D": ("there is no such database", "Name another in the address."),
    "3F": ("there is no such schema", "Name another as schema= in the address."),
    "42P01": ("a table is not there", TABLE),
    "42703": ("a column is not there", TABLE),
    "42501": ("this user has not the rights that it needs", GRANT),
    "42P10": ("the table has no primary key on change_id", TABLE),
    "25006": (
        "it takes no changes: it is read only, or a standby",
        "Name the primary server in the address.",
    ),
    "53100": ("its disk is full", "Whoever keeps the database makes room."),
    "53300": ("it takes no more connections", AGAIN),
    "53": ("it has run out of something that it needs", "Whoever keeps the database looks at its log."),
    "55P03": ("another session has locked the table", AGAIN),
    "57014": ("it did not answer in time", AGAIN),
    "57P": ("it is being stopped or started", AGAIN),
    "40": ("another session was in the way", AGAIN),
    "08": ("the connection was lost", AGAIN),
    "22": ("a row does not fit a column", TABLE),
    "23": ("the table refuses a row by a rule of its own", TABLE),
}
"""By SQLSTATE, or the beginning of one."""
PASSING = ("08", "40", "53300", "55P03", "57014", "57P")
"""What may be over in a few seconds."""


class Trouble(Exception):
    """Raised when a database cannot do what it is asked; `may_pass`: the same may soon go well."""

    def __init__(self, what: str, now: str, *, may_pass: bool) -> None:
        self.what = what
        self.now = now
        self.may_pass = may_pass
        super().__init__(what)


def trouble(error: BaseException, *, connecting: bool = False) -> Trouble:
    """What an error of either driver means. Nothing but its code and, of a failed connection, libpq's first
    line is repeated.
    """
    state = getattr(error, "sqlstate", None)
    if state:
        return _by_state(str(state))
    if not connecting:
        return Trouble("the connection was lost", AGAIN, may_pass=True)
    text = str(error)
    if NOT_THERE.search(text):
        return _by_state("3D000")
    if NOBODY.search(text):
        return _by_state("28P01")
    return Trouble(f"it does not answer ({_first_line(text)})", AGAIN, may_pass=True)


def _by_state(state: str) -> Trouble:
    for known in (state, state[:3], state[:2]):
        if known in MEANT:
            return Trouble(*MEANT[known], may_pass=state.startswith(PASSING))
    return Trouble(f"it refuses (SQLSTATE {state})", "Its own log says more.", may_pass=False)


def _first_line(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return re.sub(r"^.*?\bfailed: |^IO: \[libpq\] ", "", line).strip() or "nothing is said"
