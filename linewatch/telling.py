"""What may be told to a borrower who asks, or who is called: closed lists, and silence for all else.

A word too much warns whoever is suspected of fraud, tells of another person, or lays open how a rule can be
got round. So what may be said is listed, and a code that is added elsewhere is not said until it is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from linewatch.recorded import Recorded

BARS = frozenset({"fraud_suspected", "shared_device", "first_party_fraud"})
"""Triggers, holds and reasons by which a borrower is told only that a person is looking at it."""
NOT_BARRING = frozenset({"none", "victim", "false"})
"""What the source's `fraud_flag` may say, beside nothing, of somebody who is told like everybody else."""
SAID_INSTEAD = "referred"
"""The hold that is told in place of one that bars."""
TRIGGERS_TOLD = frozenset(
    {
        "affordability_unverified",
        "automation_objection",
        "committed_line",
        "complaint_open",
        "covenant_breached",
        "human_review",
        "large_decrease",
        "large_exposure",
        "project_line",
        "project_report_old",
        "publication_overdue",
        "slotting_incomplete",
        "statement_expiring",
        "statement_stale",
        "unknown_share",
        "valuation_stale",
    }
)
"""Why a person is asked, where it may be told: nothing of another borrower, of how near an edge a score is,
or of a fault of ours that is not mended yet.
"""


def is_barred(codes: Iterable[str | None], fraud_flag: object = None) -> bool:
    """Whether these triggers, holds and reasons, or the source's flag, bar a borrower from being told why.

    A source may flag in words of the contract, or by true and false.
    """
    flagged = str(fraud_flag or "none").lower() not in NOT_BARRING
    return flagged or not BARS.isdisjoint(codes)


def reasons_told(codes: Iterable[str]) -> list[str]:
    """Those of the reasons of a letter that may be said aloud."""
    return [code for code in codes if code not in BARS]


def hold_told(code: str) -> str:
    """The hold that is told, in place of one that bars too."""
    return SAID_INSTEAD if code in BARS else code


def triggers_told(codes: Iterable[str]) -> list[str]:
    """Those of the triggers that may be told, each once, in the order given.

    That a case is open is why later nights ask a person too, and never why the case was opened.
    """
    return [code for code in dict.fromkeys(codes) if code in TRIGGERS_TOLD]


def says_no_causes(documents: Recorded, jurisdiction: str | None, on: date) -> bool:
    """Whether the law of a country keeps what moved a limit out of letters: then it is not said aloud either.

    A record that may bind others alone is taken to bind.
    """
    pack = documents.packs.get(documents.profile.get("packs", {}).get(jurisdiction, ""), {})
    records = (each for each in pack.get("record", ()) if each.get("measure") == "no_causes_in_letters")
    return any(
        each["effective_from"] <= on and (each.get("effective_to") is None or on < each["effective_to"])
        for each in records
    )
