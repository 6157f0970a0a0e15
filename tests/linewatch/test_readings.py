"""What is read off the events of a case: who answered when, how long they had, and whether it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from linewatch.casework import Stage
from linewatch.readings import Answer, CaseHistory, Dated, Standing, answers_of

OPENED = datetime(2026, 11, 21, 1, 15, tzinfo=UTC)
DUE = date(2026, 11, 25)


def at(minutes: int) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def history(*events: tuple[int, str, str, dict[str, Any]]) -> CaseHistory:
    """A case with these events, each so many minutes after it was opened."""
    done = [Dated("opened", "linewatch", at=OPENED, batch_seq=1)]
    done += [Dated(kind, by, content=content, at=at(minutes)) for minutes, kind, by, content in events]
    return CaseHistory("C1", "B1", "desk_review", date(2026, 11, 20), DUE, tuple(done))


def said(outcome: str, **more: Any) -> dict[str, Any]:
    return {"lines": [{"facility_id": "F1", "outcome": outcome}], **more}


def times(answers: list[Answer]) -> list[tuple[str, str, int, bool]]:
    """Of each answer what it is, whose, how many minutes they had, and whether they had taken the case."""
    return [
        (each.event, each.by, (each.at - each.began_at) // timedelta(minutes=1), each.taken)
        for each in answers
    ]


def test_who_took_a_case_had_the_time_since_then_and_who_did_not_since_it_waited() -> None:
    answers, standing = answers_of(
        history(
            (10, "claimed", "wu", {}),
            (15, "decided", "wu", said("keep", second_look="sampled")),
            (75, "agreed", "li", said("keep")),
        )
    )
    assert times(answers) == [("decided", "wu", 5, True), ("agreed", "li", 60, False)]
    assert answers[1].first == {"F1": "keep"}
    assert standing == Standing(Stage.READY, "desk_review", DUE)


def test_a_case_that_was_given_back_waits_again_from_where_it_waited() -> None:
    answers, _ = answers_of(
        history((10, "claimed", "wu", {}), (20, "released", "wu", {}), (25, "decided", "li", said("keep")))
    )
    assert times(answers) == [("decided", "li", 25, False)]


def test_a_decision_that_another_reader_or_a_settlement_sent_back_stands_no_longer() -> None:
    answers, standing = answers_of(
        history(
            (10, "decided", "wu", said("keep", second_look="grade")),
            (30, "disagreed", "li", said("approve")),
            (40, "decided", "chen", said("approve", second_look="")),
            (50, "sent_back", "linewatch", {"lines": []}),
            (90, "decided", "wu", said("freeze", second_look="")),
        )
    )
    assert times(answers) == [
        ("decided", "wu", 10, False),
        ("disagreed", "li", 20, False),
        ("decided", "chen", 10, False),
        ("decided", "wu", 40, False),
    ]
    assert [each.stands for each in answers if each.event == "decided"] == [False, False, True]
    assert standing.stage is Stage.READY


def test_a_decision_knows_which_batch_took_it_in_and_an_appeal_does_not_undo_it() -> None:
    decided = history((10, "decided", "wu", said("keep", second_look="")))
    settled = Dated("settled", "linewatch", at=at(60), batch_seq=7)
    again = [
        Dated("reopened", "li", at=at(100)),
        Dated("decided", "li", content=said("approve", second_look=""), at=at(103)),
    ]
    answers, standing = answers_of(
        CaseHistory("C1", "B1", "desk_review", DUE, DUE, (*decided.events, settled, *again))
    )
    assert [(each.by, each.stands, each.settled_by) for each in answers] == [
        ("wu", True, 7),
        ("li", True, None),
    ]
    assert times(answers)[1] == ("decided", "li", 3, False)
    assert standing.stage is Stage.READY


def test_a_case_that_is_sent_on_is_another_kind_of_work_with_another_day() -> None:
    answers, standing = answers_of(
        history(
            (5, "sent_on", "wu", said("site_visit", kind="site_visit", due_on="2026-12-04")),
            (65, "decided", "li", said("keep", second_look="amount")),
        )
    )
    assert [(each.event, each.kind) for each in answers] == [
        ("sent_on", "desk_review"),
        ("decided", "site_visit"),
    ]
    assert standing == Standing(Stage.SECOND_LOOK, "site_visit", date(2026, 12, 4))


def test_a_case_that_goes_up_has_another_day_and_is_nobodys() -> None:
    answers, standing = answers_of(
        history(
            (5, "claimed", "wu", {}),
            (50, "escalated", "linewatch", {"due_on": "2026-12-01"}),
            (70, "decided", "li", said("keep", second_look="")),
        )
    )
    assert times(answers) == [("decided", "li", 70, False)]
    assert standing.due_on == date(2026, 12, 1)


def test_a_case_that_nobody_answered_waits() -> None:
    assert answers_of(history()) == ([], Standing(Stage.WAITING, "desk_review", DUE))
