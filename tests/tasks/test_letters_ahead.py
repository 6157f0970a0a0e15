"""Letters ahead of a change: who is invited when a case is opened, and warnings that fail."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

import sql.engine as sql
from linewatch.documents import load_documents
from linewatch.errors import DocumentRefused
from linewatch.letter import MEETINGS
from linewatch.trigger import SUSPICIONS, Trigger
from tasks.draft import write_drafts
from tasks.refer import open_cases
from tests.tasks.decisions_fixture import AS_OF, SHIPPED, decrease, line, night, scratch

Rows = list[dict[str, Any]]


def asked(facility_id: str, *triggers: str, **facts: Any) -> dict[str, Any]:
    listed = list(triggers or ["complaint_open"])
    return decrease(facility_id, **{"route": "referred", "triggers": listed, "borrower_id": "B1", **facts})


def visited(facility_id: str, **facts: Any) -> dict[str, Any]:
    return asked(facility_id, "drawn_ahead", **{"segment": "project", **facts})


def drafted(tmp_path, lines: Rows, **tables: Any) -> tuple[Rows, Rows]:
    """The letters and the cases of a night."""
    of = night(tmp_path)
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, lines, **tables)
        write_drafts(of)
        open_cases(of)
        with sql.cursor(of.scratch) as db:
            return db.rows("records/drafts"), db.rows("records/cases")
    finally:
        sql.close_engine(of.scratch)


def borrower(**facts: Any) -> dict[str, Any]:
    return {"borrower": [{"borrower_id": "B1", **facts}]}


def treated(kind: str, until: date | None = None) -> dict[str, Any]:
    row = {"borrower_id": "B1", "kind": kind, "valid_from": date(2026, 11, 1), "valid_until": until}
    return {"treatment": [row]}


@pytest.mark.parametrize(
    ("row", "kind", "said"),
    [
        (asked("F1"), "interview", "By telephone or video"),
        (asked("F1", "automation_objection", "large_decrease"), "interview", "video"),
        (visited("F1"), "site_visit", "visit"),
    ],
)
def test_a_case_is_of_the_kind_to_which_its_trigger_invites_and_the_day_is_its_own(tmp_path, row, kind, said):
    (letter,), (case,) = drafted(tmp_path, [row], **borrower(language="en"))
    assert (letter["kind"], letter["facility_id"], letter["language"]) == ("invitation", "F1", "en")
    assert (letter["effective_on"], letter["reason_codes"]) == (None, [])
    assert case["kind"] == kind
    due_on = case["due_on"]
    assert f"Please answer by: {due_on:%B} {due_on.day}, {due_on.year}" in letter["body"]
    assert said.lower() in letter["body"].lower()


def test_it_is_in_the_language_of_the_country_where_the_borrower_has_none(tmp_path):
    ((letter,), _) = drafted(tmp_path, [asked("F1")])
    assert letter["language"] == "zh"


def test_one_borrower_is_invited_once_and_to_the_most_thorough_meeting(tmp_path):
    rows = [asked("F1"), visited("F2"), visited("F3"), asked("other", borrower_id="B2")]
    letters, cases = drafted(tmp_path, rows, **borrower(language="en"))
    assert [(each["facility_id"], each["borrower_id"]) for each in letters] == [("F2", "B1"), ("other", "B2")]
    assert {each["borrower_id"]: each["kind"] for each in cases} == {"B1": "site_visit", "B2": "interview"}


@pytest.mark.parametrize(
    ("rows", "tables"),
    [
        pytest.param([asked("F1", "large_decrease")], {}, id="a trigger that invites to nothing"),
        pytest.param([line("F1", borrower_id="B1")], {}, id="nothing is asked"),
        pytest.param([asked("F1")], borrower(fraud_flag="suspected"), id="suspected"),
        pytest.param([asked("F1")], borrower(fraud_flag="first_party"), id="first party"),
        pytest.param([asked("F1")], borrower(fraud_flag="victim"), id="victim"),
        pytest.param([asked("F1", "complaint_open", "fraud_suspected")], {}, id="looked at for fraud"),
        pytest.param([asked("F1"), asked("F2", "shared_device")], {}, id="another line looked at for fraud"),
        pytest.param([asked("F1")], borrower(deceased_on=date(2026, 11, 1)), id="dead"),
        pytest.param([asked("F1")], treated("do_not_touch"), id="to be left alone"),
        pytest.param([asked("F1")], treated("breathing_space", AS_OF), id="breathing space"),
        pytest.param([asked("F1")], treated("bankruptcy"), id="insolvent"),
        pytest.param([asked("F1", quarantined=True)], {}, id="data missing"),
        pytest.param([asked("F1", committed_limit_cents=900_000)], {}, id="the law lowers the line tonight"),
        pytest.param([asked("F1", action="freeze")], {}, id="blocked for good"),
        pytest.param(
            [asked("F1")],
            {"open_case": [{"borrower_id": "B1", "case_id": "c", "opened_on": AS_OF, "due_on": AS_OF}]},
            id="invited when the case was opened",
        ),
    ],
)
def test_nobody_is_invited_who_was_asked_already_or_is_to_be_left_alone(tmp_path, rows, tables):
    letters, _ = drafted(tmp_path, rows, **tables)
    assert "invitation" not in {each["kind"] for each in letters}


@pytest.mark.parametrize(
    "tables", [treated("complaint"), treated("do_not_touch", date(2026, 11, 19)), borrower(fraud_flag="none")]
)
def test_who_complains_or_was_left_alone_once_is_invited(tmp_path, tables):
    letters, _ = drafted(tmp_path, [asked("F1")], **tables)
    assert [each["kind"] for each in letters] == ["invitation"]


def test_it_stands_beside_the_letter_of_a_block_while_people_are_asked(tmp_path):
    row = asked("F1", action="freeze", review_block="activity")
    letters, _ = drafted(tmp_path, [row], **borrower(language="en"))
    assert {each["kind"] for each in letters} == {"freeze", "invitation"}
    assert len({each["draft_id"] for each in letters}) == len({each["reference"] for each in letters}) == 2


@pytest.mark.parametrize(
    ("last", "invited"),
    [(["complaint_open"], False), (["automation_objection"], False), (["large_decrease"], True), ([], True)],
)
def test_a_line_that_was_referred_last_night_for_what_invites_is_not_asked_again(tmp_path, last, invited):
    """Its case is closed, or it would stand in the way by itself."""
    of = night(tmp_path)
    given = {"as_of": AS_OF, "site_due_on": AS_OF, "interview_due_on": AS_OF, "still": []}
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, [asked("F1")])
        write_drafts(of)
        with sql.cursor(of.scratch) as db:
            db.append("last_decision", [{"facility_id": "F1", "triggers": last}])
            found = db.rows("reviews/invitations", suspicions=list(SUSPICIONS), **given)
    finally:
        sql.close_engine(of.scratch)
    assert bool(found) == invited


def test_a_warning_whose_letter_fails_refers_nobody_and_is_not_remembered(tmp_path):
    """A replay has no warnings, and must refer the same lines."""
    of = night(tmp_path)
    told = {
        "warned_on": AS_OF,
        "due_on": date(2026, 12, 5),
        "limit_cents": 1_200_000,
        "warned_limit_cents": 800_000,
        "effective_on": date(2026, 12, 20),
        "advice_standing": "nothing",
        "advice_code": "nothing_time",
    }
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, [line("good"), line("bad")])
            db.create("schema/past_warning")
            db.raw.execute("create table warned as from past_warning")
            db.raw.execute("create table absent as select facility_id, reviewed_on from decisions limit 0")
            rows = [("good", "late_payments"), ("bad", "no_such_reason")]
            db.append(
                "warned",
                [
                    told | {"facility_id": name, "borrower_id": f"B-{name}", "reason_codes": [code]}
                    for name, code in rows
                ],
            )
        drafted = write_drafts(of)
        with sql.cursor(of.scratch) as db:
            kept = db.rows("records/warnings")
    finally:
        sql.close_engine(of.scratch)
    assert (drafted.kinds, drafted.failed) == ({"early_warning": 1}, 0)
    assert drafted.notes == ("1 early warnings could not be written.",)
    assert [row["facility_id"] for row in kept] == ["good"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"days": 30, "segments": ["nobody"]}, "early_warning segments: unknown segment nobody"),
        ({"days": 0}, "early_warning.days"),
    ],
)
def test_a_policy_that_warns_wrongly_is_refused_with_file_and_key(tmp_path, table, said):
    path = tmp_path / "policy.toml"
    text = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    listed = "".join(f"{key} = {value}\n" for key, value in table.items())
    path.write_text(f'{text}\n[early_warning]\nbecause = "A test."\n{listed}', encoding="utf-8")
    with pytest.raises(DocumentRefused) as refused:
        load_documents(AS_OF, policy=path)
    (fault,) = refused.value.faults
    assert fault.startswith(f"{path}: ")
    assert said in fault


def test_a_policy_that_warns_and_does_not_advise_is_refused(tmp_path):
    path = tmp_path / "policy.toml"
    text = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    head, _, tail = text.partition("[advice]\n")
    path.write_text(head + "[early_warning]\ndays = 9\n" + tail[tail.index("because") :], encoding="utf-8")
    with pytest.raises(DocumentRefused, match=r"early_warning: needs \[advice\]"):
        load_documents(AS_OF, policy=path)


def test_a_trigger_invites_to_what_a_case_can_be_and_never_for_a_suspicion():
    for meeting in MEETINGS:
        assert Trigger(code="complaint_open", invites=meeting, because="A test.").invites == meeting
    with pytest.raises(ValidationError, match="'interview' or 'site_visit'"):
        Trigger(code="complaint_open", invites="dinner", because="A test.")
    for code in SUSPICIONS:
        with pytest.raises(ValidationError, match="suspicion is not told"):
            Trigger(code=code, invites="interview", because="A test.")
