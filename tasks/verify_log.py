"""Verify: let the checker, which shares no code with the writer, look at a proof or at a whole home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ledger import Ledger, standing_ledger
from linewatch.errors import NotFound
from verify.home import check as check_home
from verify.proof import Proven, Refused
from verify.proof import check as check_proof
from verify.report import Report

__all__ = ["Proven", "Refused", "Report", "verify_home", "verify_proof"]


AGAIN = 2
"""How often a home is looked at once more where files were replaced while it was read."""


def verify_home(
    home: Path, keys: Sequence[str], against: Sequence[Path], heard: Callable[[str], None]
) -> Report:
    """Everything of a home, checked from its files and its record. Raises NotFound where there is none.

    An erasure or a prune beside it takes away files of which the view of the record still tells: faults that
    were found meanwhile are looked for again from a fresh view.
    """
    ledger = standing_ledger(home)
    texts = [text for path in against for text in _texts(path)]
    for _ in range(AGAIN):
        before = ledger.log.replaced()
        report = _verified(ledger, keys, texts, heard)
        if report.whole or ledger.log.replaced() == before:
            return report
        heard("files were replaced meanwhile, by an erasure or a prune: all is looked at once more")
    return _verified(ledger, keys, texts, heard)


def _verified(
    ledger: Ledger, keys: Sequence[str], texts: Sequence[str], heard: Callable[[str], None]
) -> Report:
    with ledger.log.tables() as tables:
        return check_home(ledger.home, tables, keys=keys, against=texts, heard=heard)


def verify_proof(proof: Path, keys: Sequence[str], against: Sequence[Path]) -> Proven | Refused:
    """A proof, checked by keys alone. Raises NotFound for a file that cannot be read."""
    return check_proof(_text(proof), keys, against=[text for path in against for text in _texts(path)])


def _texts(path: Path) -> list[str]:
    """One checkpoint, or all that lie in a folder."""
    return [_text(each) for each in sorted(path.glob("*.txt"))] if path.is_dir() else [_text(path)]


def _text(path: Path) -> str:
    try:
        # As it lies: a line end that was changed on the way is to be seen.
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise NotFound(
            f"{path} cannot be read: {error.strerror}.", what_now="Name a file that was handed out or kept."
        ) from None
