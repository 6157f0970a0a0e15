"""`linewatch queue import`: reviewers' answers taken in, and what they decided settled."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flows.settle import settle_all, weighed
from linewatch.errors import Busy, NightHeld
from linewatch.intake import Intake
from linewatch.room import home_option
from tasks import answers, rejects, settle, takein

REFUSED = 2


def take_in_file(home: Path, path: Path, to: Path | None, moment: datetime) -> dict[str, Any]:
    """Take in what reviewers wrote into a queue; rows that cannot be go to `to`, or beside the queue.

    Raises DataRefused for a file that is no queue.
    """
    returned = [(row.where, row.cells) for row in answers.rows_of(path)]
    found, taken = take_in(home, returned, moment)
    told: dict[str, Any] = {
        "rows": len(returned),
        **{name: len(getattr(taken, name)) for name in _COUNTED},
        "refused": len(found.refused),
        "rejects": None,
    }
    if found.refused:
        target = to or takein.folder(home) / f"rejects-{path.stem}{path.suffix.lower()}"
        rejects.write_rejects(target, found.refused)
        told["rejects"] = str(target.absolute())
    return {
        **told,
        "faults": _counted(found),
        "settlement": _settled(home, moment),
        "exit_code": REFUSED if found.refused else 0,
    }


_COUNTED = ("decided", "second_look", "agreed", "disagreed", "asked", "unchanged")


def take_in(home: Path, returned: list[tuple[str, Any]], moment: datetime) -> tuple[Intake, takein.Taken]:
    """Put on record what the rows answer, as far as it may be; what is refused is in the first of the two.

    What is decided is decided again by the night's own statements before it is taken: what cannot end so
    comes back at once, with what bound it.
    """
    found, known = takein.check(home, returned)
    decided = takein.answered(found, known)
    lines = [
        row
        for case_id, told in decided.items()
        for row in settle.answered(case_id, told, found.rows[case_id][0].answer.reviewer)
    ]
    if not lines:
        return found, takein.record(home, found, known, [], None, moment)
    with weighed(home, lines) as (night, rows):
        takein.weigh(found, known, rows)
        return found, takein.record(home, found, known, rows, night.documents, moment)


def _settled(home: Path, moment: datetime) -> dict[str, Any]:
    """What became of the decided cases; while a night runs or waits, they wait with it."""
    try:
        return settle_all(home, moment)
    except (Busy, NightHeld) as waits:
        again = f"linewatch queue settle{home_option(home)}"
        return {"status": "waits", "because": waits.what, "next": again}


def _counted(found: Intake) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _, faults in found.refused:
        for fault in faults:
            counts[fault.code] = counts.get(fault.code, 0) + 1
    return dict(sorted(counts.items()))
