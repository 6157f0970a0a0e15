"""What forms of Prefect's pages ask for about review cases: to decide one, or take a file of answers in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from prefect import flow
from prefect.states import Completed, Failed, State
from pydantic import Field

from flows import clock
from flows.answers import CASES
from flows.request import Request
from flows.takein import take_in_file, take_in_one
from linewatch.counting import counted, were
from linewatch.intake import FAULTS
from linewatch.room import keep_private
from tasks.status import status

Case = Annotated[str, Field(pattern="^[0-9a-f]{32}(-[0-9]+)?$")]
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


@flow(name="settle-reviews", flow_run_name="import-{file}", persist_result=False)
def settle_reviews(file: str, by: Name, home: str | None = None) -> State[dict[str, Any]]:
    """Take in what reviewers answered in a queue, and settle what they decided.

    Args:
        file: The queue as it was exported, xlsx or csv, with the answers: a path that the worker can read.
        by: Who takes it in; the record keeps the name beside those of the reviewers.
        home: The lender's home. It is filled in already: leave it as it is.
    """
    found = take_in_file(_home(home), Path(file), None, clock.now(), taken_in_by=by)
    words = _words(found, found["settlement"])
    refused = found["refused"]
    if not refused:
        return Completed(message=words, data=found)
    faults = "; ".join(
        f"{FAULTS[code][1].removesuffix('.')} ({count:,})" for code, count in found["faults"].items()
    )
    return Failed(
        message=f"{counted(refused, 'row')} {were(refused)} not taken: {faults}; mend what is wrong in "
        f"{found['rejects']} and send that file. Of the others: {words}",
        data=found,
    )


@flow(name="decide-case", flow_run_name="decide-{case}", persist_result=False)
def decide_case(
    case: Case,
    outcome: Outcome,
    reason: Why,
    by: Name,
    new_limit: Amount = "",
    home: str | None = None,
) -> State[dict[str, Any]]:
    """Decide one review case, as a row of the queue would: the same for each of its lines.

    Args:
        case: The case's key, as the column `case_id` of the queue has it.
        outcome: Do what was proposed (`approve`), leave the limit (`keep`), set `another_limit`, or stop new
            drawings (`freeze`). `ask_more` and `site_visit` leave the case open.
        reason: Why. A cut or a block needs `income_lower`, `obligations_higher`, `conduct_confirmed` or
            `project_behind`, unless what was proposed is approved. Where nothing of the list fits, a note is
            needed: answer it in the queue's file.
        by: Your name, as it is registered to decide cases; the record keeps it.
        new_limit: With `another_limit` alone, for a case of one line: in the currency's own units, as
            12000.50.
        home: The lender's home. It is filled in already: leave it as it is.
    """
    answers = {
        "outcome": outcome,
        "outcome_reason": reason,
        "reviewer": by,
        "new_limit": new_limit or None,
    }
    found = take_in_one(_home(home), case, answers, clock.now())
    return Completed(message=_words(dict.fromkeys(found["done"], 1), found["settlement"]), data=found)


def _words(taken: Mapping[str, Any], settlement: Mapping[str, Any]) -> str:
    """What came of the cases in a sentence, without a line or an amount: the pages keep it."""
    said = [f"{words}: {taken[name]:,}" for name, words in CASES.items() if taken.get(name)]
    if settlement["status"] == "waits":
        said.append(f"the settlement waits: {settlement['because']} Then: {settlement['next']}")
        return "; ".join(said)
    if settlement["cases"]:
        said.append(f"settled: {settlement['cases']:,}, letters drafted: {settlement['drafts']:,}")
    if settlement["sent_back"]:
        said.append(f"sent back, to be decided anew: {', '.join(settlement['sent_back'])}")
    return "; ".join(said) or "nothing was answered"


def _home(home: str | None) -> Path:
    keep_private()
    place = Request(source="", home=home).folder
    status(place, clock.now().date())
    return place
