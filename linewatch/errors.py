"""The errors a person may meet: each says what happened, where, and what to do now."""

from __future__ import annotations

from collections.abc import Sequence


class LinewatchError(Exception):
    """Base of every error that Linewatch raises on purpose.

    `exit_code` is what the command line ends with: 1 a fault of ours, 2 data or a
    document refused, 3 held for approval, 4 busy (docs/runbook.md).
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", what_now: str = "", with_keys: str = "") -> None:
        """`with_keys` is `where` with the keys of rows in it: shown to whoever typed the command, and no part
        of the error's text, which the logs and Prefect keep.
        """
        self.what = what
        self.where = where
        self.what_now = what_now
        self.with_keys = with_keys or where
        super().__init__(what)

    def __str__(self) -> str:
        return _lines(self.what, self.where, self.what_now)

    @property
    def shown(self) -> str:
        """The text, keys and all, for whoever typed the command."""
        return _lines(self.what, self.with_keys, self.what_now)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


class DataRefused(LinewatchError):
    """Raised when the night's data cannot be used, before anything is decided."""

    exit_code = 2


class ExpectationFailed(DataRefused):
    """Raised when the night's data breaks a promise that must stop the run."""


class ExpectationNotEvaluated(DataRefused):
    """Raised when an expectation could not be tried at all: our fault or the table's shape, not the rows'."""


class DocumentRefused(LinewatchError):
    """Raised with every fault of the documents at once; `faults` holds one line each (file, key, fault)."""

    exit_code = 2

    def __init__(self, faults: Sequence[str], *, what_now: str = "") -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__(
            f"{count} in the documents; nothing was run.",
            where="\n".join(f"  {fault}" for fault in self.faults),
            what_now=what_now or "Mend the files named above and run the same command again.",
        )


class NightRefused(LinewatchError):
    """Raised when this as_of may not be run: committed with other inputs, or out of order."""

    exit_code = 2


class NightHeld(LinewatchError):
    """Raised when a night waits for approve or discard."""

    exit_code = 3


class Busy(LinewatchError):
    """Raised when another night holds the lock; the message names the holder."""

    exit_code = 4


class NoRoom(LinewatchError):
    """Raised when the home has too little free space for a night."""


class DatabaseAway(LinewatchError):
    """Raised when the lender's database does not do what it is asked: the same command may go well later."""


class DiskFailed(LinewatchError):
    """Raised when the system could not read or write what lies on a disk, though there is room."""


class LedgerUnusable(LinewatchError):
    """Raised when the ledger's database is down, full, or lets us do too little; nothing was half written."""


class PlaceUnusable(LinewatchError):
    """Raised when a folder that must be written to is a file, or may not be written to."""


class FileAltered(LinewatchError):
    """Raised when a file of the home is not what was stored."""


class NotFound(LinewatchError):
    """Raised when a person asks for a line, a night or a document that is not in the home."""

    exit_code = 2
