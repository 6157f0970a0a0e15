"""The open case of a borrower, told no further than it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger import Ledger, OpenCase
from linewatch.case import KINDS
from linewatch.casework import Casework
from linewatch.telling import is_barred, triggers_told
from tasks.borrower_view.reading import Read, Row


def cases_of(ledger: Ledger, read: Read, borrower_id: str) -> tuple[list[Row], bool]:
    """The open cases that the night knew, as they stand now, and whether the borrower is barred.

    Of a barred borrower no case is told, not even whether there is one. Triggers are codes; what anybody
    has answered is told nobody before it is settled, nor who has the case.
    """
    known = [each for each in ledger.cases.open_of(borrower_id) if each.opened_on <= read.night.as_of]
    codes = [*_codes(read), *(code for each in known for code in _triggers(ledger, each))]
    if is_barred(codes, (read.reader or {}).get("fraud_flag")):
        return [], True
    stand = ledger.cases.standing({each.case_id for each in known})
    return [_case(ledger, read, each, stand.get(each.case_id, Casework())) for each in known], False


def _codes(read: Read) -> Iterator[str]:
    """What tonight found on any of their lines."""
    for row in read.now.values():
        yield from row["triggers"] or ()
        yield from (reason["code"] for reason in row["reasons"] or ())
        yield from filter(None, (row["hold_because"], row.get("review_block"), row.get("gate_row")))


def _triggers(ledger: Ledger, case: OpenCase) -> Iterable[str]:
    """All that nights ever gave as why a person is asked."""
    seen = [event.content.get("triggers") for event in ledger.cases.events(case.case_id)]
    return [code for some in (case.content.get("triggers"), *seen) for code in some or ()]


def _case(ledger: Ledger, read: Read, case: OpenCase, work: Casework) -> dict[str, Any]:
    kind = case.sent_on_as or str(case.content.get("kind", "desk_review"))
    lines = [line for line in case.content.get("facility_ids", ()) if line in read.now]
    deadlines = [day for line in lines if (day := read.now[line].get("deadline_on"))]
    return {
        "opened_on": case.opened_on,
        "due_on": case.due_on,
        "letter_by": min(deadlines, default=None),
        "kind": kind if kind in KINDS else "desk_review",
        "stage": "claimed" if work.stage.value == "waiting" and work.holder else work.stage.value,
        "lines": sorted(lines),
        "triggers": triggers_told(_triggers(ledger, case)),
    }
