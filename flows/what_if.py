"""`linewatch explain FACILITY --if COLUMN=VALUE`: the line decided again on an edit of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flows.again import decided_again
from flows.terminal import Reply
from flows.verbs import begun
from tasks import again, edit
from tasks.explain import explain
from tasks.explain.source import FROM_SOURCE
from tasks.whatif import WhatIf


def answer(home: Path, facility: str, as_of: date | None, words: Sequence[str]) -> Reply:
    """Decide the line's group again; the whole night, where the group alone does not give its decision."""
    begun(home)
    edits = edit.edits_of(words)
    batch = again.standing(home, as_of)
    was = {**explain(home, facility, batch.as_of).content, **_NOT_DECIDED}
    asked = _Asked(home, facility, batch.as_of, edits)
    whole = asked.told(edited=False, whole=False) != was
    would_be = asked.told(edited=True, whole=whole)
    found = WhatIf(was, would_be, asked.touched, whole)
    return Reply(found.content, found.text)


# The case was opened by the night itself, on whatever it decided; the rows are told as they were pulled.
_NOT_DECIDED: dict[str, Any] = dict.fromkeys(("case", "causes", "since", *FROM_SOURCE))


class _Asked:
    """One line, and what it is if some of its facts are others."""

    def __init__(self, home: Path, facility: str, as_of: date, edits: Sequence[edit.Edit]) -> None:
        self.home = home
        self.facility = facility
        self.as_of = as_of
        self.edits = edits
        self.touched: list[edit.Touched] = []

    def told(self, *, edited: bool, whole: bool) -> dict[str, Any]:
        def change(night: again.Again, db: Any) -> None:
            if not whole:
                again.narrow_to(db, self.facility)
            if edited:
                self.touched = edit.apply(db, self.facility, night.as_of, self.edits)

        batch = again.standing(self.home, self.as_of)
        with decided_again(self.home, self.as_of, change=change) as night:
            if not whole:
                again.class_as_counted(night, batch)
            kept = again.keep(night, batch)
            content = dict(explain(self.home, self.facility, batch=kept).content)
        return {**content, **_NOT_DECIDED}
