"""What forms of Prefect's pages ask for about review cases: to decide one, or take a file of answers in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from prefect import flow
from pydantic import Field

from flows import clock
from flows.request import Request
from flows.takein import take_in_file, take_in_one
from linewatch.room import keep_private
from tasks.status import status

Case = Annotated[str, Field(pattern="^[0-9a-f]{32}(-[0-9]+)?$", description="As the queue has it.")]
Name = Annotated[str, Field(min_length=2)]
Outcome = Literal["approve", "keep", "another_limit", "freeze", "ask_more", "site_visit"]
Why = Literal[
    "agree_with_model", "newer_information", "data_wrong", "income_verified", "income_lower",
    "obligations_higher", "temporary_difficulty", "security_offered", "conduct_explained",
    "conduct_confirmed", "project_on_track", "project_behind",
]  # fmt: skip
"""All but `other`, which needs a note: Prefect keeps what is typed here, so nothing of a borrower is."""
Amount = Annotated[str, Field(pattern=r"^([0-9]{1,14}(\.[0-9]{1,4})?)?$")]
"""A box to write in: for a number or nothing the pages would ask which of the two first."""


@flow(name="settle-reviews", flow_run_name="settle-{file}", persist_result=False)
def settle_reviews(file: str, by: Name, home: str | None = None) -> dict[str, Any]:
    """Take in what reviewers answered in a queue, and settle what they decided.

    Args:
        file: The queue as it was exported, xlsx or csv, with the answers; a path that the worker can read.
        by: Who takes it in; the record keeps the name beside those of the reviewers.
        home: Folder of the ledger and the batches.
    """
    return take_in_file(_home(home), Path(file), None, clock.now(), taken_in_by=by)


@flow(name="decide-case", flow_run_name="decide-{case}", persist_result=False)
def decide_case(
    case: Case,
    outcome: Outcome,
    reason: Why,
    by: Name,
    new_limit: Amount = "",
    home: str | None = None,
) -> dict[str, Any]:
    """Decide one review case, as a row of the queue would: the same for each of its lines.

    Args:
        case: The case's key.
        outcome: What is to be done.
        reason: Why; a cut or a block needs one that its letter can give.
        by: Who decides; the record keeps the name.
        new_limit: In the currency's own units, as 12000.50; with `another_limit` alone, of one line.
        home: Folder of the ledger and the batches.
    """
    answers = {
        "outcome": outcome,
        "outcome_reason": reason,
        "reviewer": by,
        "new_limit": new_limit or None,
    }
    return take_in_one(_home(home), case, answers, clock.now())


def _home(home: str | None) -> Path:
    keep_private()
    place = Request(source="", home=home).folder
    status(place, clock.now().date())
    return place
