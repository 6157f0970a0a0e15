"""What stands on as_of beside a borrower or a line: treatments, the word given to rises, project reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.peers.pandas_peer.days import NEVER, day
from benchmarks.peers.pandas_peer.source import flags, is_known, is_one_of, numbers
from benchmarks.peers.pandas_peer.whole import UNKNOWN, Flags, Ints, Values, newest, pick, where_known

Policy = Mapping[str, Sequence[Mapping[str, Any]]]
TREATMENT = ("borrower_id", "kind", "valid_from", "valid_until")
CONSENT = ("borrower_id", "kind", "granted_on", "facility_id", "amount_cents", "withdrawn_on")
PROJECT = ("facility_id", "reported_on", "phase", "covenant_breached", "draw_stop")
EFFECTS = ("freeze", "hold", "no_rise")


def in_force(table: pa.Table, as_of: date) -> Flags:
    """The rows whose term holds on as_of."""
    begun = numbers(table.column("valid_from"), NEVER) <= day(as_of)
    return begun & (numbers(table.column("valid_until"), NEVER) >= day(as_of))


def treatments(table: pa.Table, owner: Ints, borrowers: int, as_of: date, policy: Policy) -> Values:
    """Of each borrower: what the policy makes of the treatments they are under."""
    holds = in_force(table, as_of)
    kinds = {
        effect: [row["kind"] for row in policy["pol_treatment"] if row["effect"] == effect]
        for effect in EFFECTS
    }
    kinds["default"] = policy["pol_control_group"][0]["default_treatments"]
    under = {}
    for effect, names in kinds.items():
        under[f"is_{effect}_treated"] = found = np.zeros(borrowers, np.bool_)
        found[owner[holds & is_one_of(table.column("kind"), *names)]] = True
    return under


def consents(table: pa.Table, borrower: Ints, line: Ints, owner: Ints, people: Values, as_of: date) -> Values:
    """Of each line: whether a rise is agreed to (1, 0, or -1: nobody said), to what amount, and since when.

    `borrower` and `line` are those of each row of the table, a line's `owner` the borrower of it.
    """
    on = numbers(table.column("granted_on"))
    stands = numbers(table.column("withdrawn_on"), NEVER) > day(as_of)
    came = on <= day(as_of)
    of_line = newest(line, on, len(owner), came)
    is_general = ~is_known(table.column("facility_id"))
    of_borrower = newest(borrower, on, len(people["subject"]), came & is_general)[owner]

    line_on, borrower_on = pick(on, of_line), pick(on, of_borrower)
    counts = (of_line >= 0) & (line_on >= borrower_on)
    line_stands, borrower_stands = pick(stands, of_line, False), pick(stands, of_borrower, False)
    is_withdrawn = (of_borrower >= 0) & ~borrower_stands
    unasked = np.where(of_borrower >= 0, borrower_stands, np.int8(-1))
    otherwise = np.where(people["answers"][owner], people["agrees"][owner], unasked)
    amount = pick(numbers(table.column("amount_cents")), of_line)
    return {
        "rise_consent": np.where(counts, line_stands, np.where(is_withdrawn, np.int8(0), otherwise)),
        "consented_cents": where_known(counts & line_stands, amount),
        "consent_on": np.maximum(line_on, borrower_on),
    }


def projects(table: pa.Table, line: Ints, lines: int, as_of: date, policy: Policy) -> Values:
    """Of each line, from its last project report: its day, if it alarms, and whether it says the worst."""
    on = numbers(table.column("reported_on"))
    last = newest(line, on, lines, on <= day(as_of))
    failed = is_one_of(table.column("phase"), *policy["pol_slotting"][0]["default_phases"])
    alarms = failed | flags(table.column("draw_stop")) | flags(table.column("covenant_breached"))
    return {
        "is_in_default_phase": pick(failed, last, False),
        "project_alarm_on": np.where(pick(alarms, last, False), pick(on, last), UNKNOWN),
    }
