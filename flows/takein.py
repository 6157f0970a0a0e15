"""`linewatch queue import`: reviewers' answers taken in, and what they decided settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.settling import settle_all, weighed
from linewatch.errors import Busy, DataRefused, NightHeld, NotFound
from linewatch.intake import FAULTS, Intake
from linewatch.room import home_option
from tasks import answers, rejects, settle, takein
from tasks.export import case_rows

REFUSED = 2


def take_in_file(
    home: Path, path: Path, to: Path | None, moment: datetime, *, taken_in_by: str = ""
) -> dict[str, Any]:
    """Take in what reviewers wrote into a queue; rows that cannot be go to `to`, or beside the queue.

    Raises DataRefused for a file that is no queue.
    """
    returned = [(row.where, row.cells) for row in answers.rows_of(path)]
    found, taken = take_in(home, returned, moment, taken_in_by)
    rejected = None
    if found.refused:
        rejected = to or takein.folder(home) / f"rejects-{path.stem}{path.suffix.lower()}"
        rejects.write_rejects(rejected, found.refused)
    return {
        "rows": len(returned),
        **{name: len(getattr(taken, name)) for name in _COUNTED},
        "refused": len(found.refused),
        "rejects": str(rejected.absolute()) if rejected else None,
        "faults": _counted(found),
        "settlement": _settled(home, moment),
        "exit_code": REFUSED if found.refused else 0,
    }


def take_in_one(home: Path, case: str, answered: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Decide a case of the newest queue, each of its lines as `answered`, and settle it.

    Raises DataRefused with every fault, NotFound for a case that is not in the queue.
    """
    rows = case_rows(home, case)
    if not rows:
        raise NotFound(
            f"There is no case {case!r} in the queue.",
            what_now="linewatch queue show lists what is open; a decided case waits for its settlement.",
        )
    given = [(f"line {number}", {**row, **answered}) for number, row in enumerate(rows, start=1)]
    if len(rows) > 1 and answered.get("new_limit") is not None:
        raise DataRefused(
            f"The case has {len(rows)} lines, and a new limit is for one.",
            what_now="Answer its lines in the queue's workbook, each with its own.",
        )
    found, taken = take_in(home, given, moment)
    if found.refused:
        raise DataRefused(
            "The case is not decided.",
            where="\n".join(f"  {line}" for line in _in_words(found)),
            what_now="Nothing was changed. Mend that and send it again.",
        )
    done = [name for name in _COUNTED if getattr(taken, name)]
    return {"case": case, "done": done, "settlement": _settled(home, moment)}


def _in_words(found: Intake) -> Iterator[str]:
    for row, faults in found.refused:
        for fault in faults:
            detail = f" [{fault.detail}]" if fault.detail else ""
            yield f"{row.where}: {FAULTS[fault.code][1]}{detail}"


_COUNTED = ("decided", "second_look", "agreed", "disagreed", "asked", "unchanged")


def take_in(
    home: Path, returned: list[tuple[str, Any]], moment: datetime, taken_in_by: str = ""
) -> tuple[Intake, takein.Taken]:
    """Put on record what the rows answer, as far as it may be; what is refused is in the first of the two.

    What is decided is decided again by the night's own statements before it is taken: what cannot end so
    comes back at once, with what bound it.
    """
    found, known = takein.check(home, returned)
    known = replace(known, taken_in_by=taken_in_by)
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
