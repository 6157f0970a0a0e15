"""Letters about a promise kept, a talk or visit, and a cut that may come; and what a law has a letter say."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from linewatch.letter import CAUSES
from linewatch.letter_law import letter_law
from linewatch.notice import LANGUAGES, Notices
from linewatch.profile import Bureau
from linewatch.regulation import Pack, Record
from tasks.draft import Writer
from tests.tasks.decisions_fixture import AS_OF, SHIPPED, notices, profile

PACKS = {
    name: Pack.model_validate(
        tomllib.loads((SHIPPED / "regulations" / f"2000-01-01-{name}.toml").read_text(encoding="utf-8"))
    )
    for name in ("cn", "eu", "sg", "uk", "us")
}
BUREAU = Bureau(name="Example Bureau", address="3 Example Road", phone="+1 800 555 0100")
LENDER = profile().model_copy(update={"bureau": {"one": BUREAU}})
WRITER = Writer(notices(), LENDER, AS_OF, packs=PACKS)
BARE = {
    "facility_id": "F1",
    "borrower_id": "B1",
    "borrower_type": "consumer",
    "reason_codes": [],
    "name": "王芳",
}
KEPT = BARE | {
    "kind": "promise_kept",
    "jurisdiction": "CN",
    "currency": "CNY",
    "limit_cents": 1_000_000,
    "proposed_limit_cents": 1_200_000,
    "promised_on": date(2026, 8, 20),
    "effective_on": date(2026, 11, 21),
}
INVITED = BARE | {
    "kind": "invitation",
    "jurisdiction": "CN",
    "meeting": "interview",
    "reply_by_on": date(2026, 12, 4),
}
WARNED = BARE | {
    "kind": "early_warning",
    "jurisdiction": "CN",
    "currency": "CNY",
    "limit_cents": 1_200_000,
    "proposed_limit_cents": 800_000,
    "effective_on": date(2026, 12, 20),
    "reason_codes": ["late_payments", "inquiries"],
    "figures": {"external_inquiries_6m": 7},
    "advice_standing": "indication",
    "advice_code": "on_time",
    "advice_amount_cents": None,
    "advice_by_on": date(2026, 12, 19),
    "advice_counts_on": date(2026, 12, 20),
    "advice_limit_cents": 1_200_000,
}
FALLS = WARNED | {"kind": "decrease", "jurisdiction": "US", "currency": "USD", "deadline_on": AS_OF}
CAUSED = {
    **{f"cause_{name}_cents": 0 for name in CAUSES},
    "caused_since_on": date(2026, 9, 20),
    "cause_circumstances_cents": -30_000,
    "cause_conduct_cents": -30_000,
    "cause_model_cents": -5_000,
}


def written(row: dict[str, Any], language: str, **changes: Any) -> str:
    letter, faults = WRITER.checked(row | {"language": language} | changes)
    assert faults == []
    return str(letter["body"])


def test_a_promise_that_is_kept_says_which_and_what_comes_of_it() -> None:
    body = written(KEPT, "en")
    assert "Our promise of: August 20, 2026" in body
    assert "New limit: CN¥12,000.00" in body
    assert "承诺日期：2026年8月20日" in written(KEPT, "zh")


def test_an_invitation_says_to_what_and_by_when_and_nothing_of_why() -> None:
    body = written(INVITED, "en", fraud_flag="suspected")
    assert "What we ask for: A talk by telephone or video\nPlease answer by: December 4, 2026" in body
    assert "一次现场走访" in written(INVITED, "zh", meeting="site_visit")
    assert WRITER.letter(INVITED | {"language": "en"})["effective_on"] is None


def test_an_early_warning_says_what_would_follow_why_and_what_would_help() -> None:
    body = written(WARNED, "en")
    for said in (
        "Limit: CN¥12,000.00\nLimit that would follow: CN¥8,000.00\n",
        "If nothing changes, from: December 20, 2026",
        "2. There have been many recent applications for credit. The last report has 7 in six months.",
        "If you pay everything when it is due until December 19, 2026, the limit would be",
        "This is not a promise",
        "You may also refuse decisions by machine alone",
    ):
        assert said in body
    early = WARNED | {"language": "en", "effective_on": AS_OF}
    assert WRITER.checked(early)[1] == [f"it would take effect on {AS_OF}, and may not before 2026-11-21"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("row", "other"),
    [
        (KEPT, {"promised_on": date(2026, 8, 21)}),
        (KEPT, {"proposed_limit_cents": 1_200_001}),
        (KEPT, {"effective_on": date(2026, 11, 22)}),
        (INVITED, {"meeting": "site_visit"}),
        (INVITED, {"reply_by_on": date(2026, 12, 5)}),
        (INVITED, {"facility_id": "F2"}),
        (WARNED, {"proposed_limit_cents": 800_001}),
        (WARNED, {"effective_on": date(2026, 12, 21)}),
        (WARNED, {"reason_codes": ["inquiries", "late_payments"]}),
        (WARNED, {"figures": {"external_inquiries_6m": 8}}),
        (WARNED, {"advice_by_on": date(2026, 12, 18)}),
        (WARNED, {"advice_standing": "promise"}),
    ],
)
def test_the_letter_of_another_row_is_seen(row, other, language) -> None:
    true = row | {"language": language}
    claim, false = WRITER.claim(true), WRITER.letter(true | other)
    assert WRITER.reader.faults(claim, false["subject"], WRITER.letter(true)["body"]) == []
    assert false["body"] != WRITER.letter(true)["body"]
    assert WRITER.reader.faults(claim, false["subject"], false["body"]) != []


def test_causes_are_told_where_a_pack_asks_and_nowhere_else() -> None:
    heading = "What changed since September 20, 2026, and moved the limit:"
    row = WARNED | CAUSED | {"kind": "decrease", "effective_on": date(2027, 1, 20)}
    told = written(row, "en")
    assert f"{heading}\nYour account: -CN¥300.00\nOur new scoring: -CN¥50.00" in told
    assert "Decided or held back before: -CN¥3,650.00" in told
    assert told.index("2. There have been") < told.index(heading) < told.index("What would help:")
    for country in ("US", "SG", "ZA"):
        bare = written(row, "en", jurisdiction=country, deadline_on=AS_OF, bureau_used=False)
        assert "What changed since" not in bare, country
    assert "What changed since" not in written(row, "en", caused_since_on=None)
    assert "What changed since" in written(row, "en", jurisdiction="DE", deadline_on=AS_OF)


def test_a_pack_that_forbids_causes_keeps_them_out_whatever_asks_for_them() -> None:
    both = Pack(
        id="cn",
        version="1",
        effective_from=AS_OF,
        record=tuple(_record(measure) for measure in ("letter_causes", "no_causes_in_letters")),
    )
    assert letter_law(profile(), {"cn": both}, AS_OF)("CN", "consumer").causes is False
    assert letter_law(profile(), PACKS, AS_OF)("CN", "consumer").causes is True
    assert letter_law(profile(), PACKS, date(2020, 1, 1))("CN", "consumer").causes is False


def test_a_record_of_letters_that_goes_by_more_than_country_and_borrower_is_refused() -> None:
    with pytest.raises(ValidationError, match="its scope is borrower_type and licence alone"):
        _record("letter_causes", product="project")


def test_an_american_letter_names_the_bureau_and_the_agency() -> None:
    used = FALLS | {"bureau_used": True, "bureau_provider": "one"}
    body = written(used, "en", effective_on=date(2027, 1, 20))
    assert (
        "We used a credit report from Example Bureau, 3 Example Road, +1 800 555 0100. They did not" in body
    )
    assert f"concerning this creditor is {profile().regulator_address}." in body
    unused = written(FALLS, "en", bureau_used=False)
    assert "We used a credit report" not in unused
    assert "Equal Credit Opportunity Act" in unused
    business = written(used, "en", borrower_type="enterprise")
    assert "We used a credit report" not in business


def test_where_the_bureau_is_not_in_the_profile_the_letter_fails_and_says_so() -> None:
    bare = Writer(notices(), profile(), AS_OF, packs=PACKS)
    row = FALLS | {"language": "en", "bureau_used": True, "bureau_provider": "two"}
    (fault,) = bare.checked(row)[1]
    assert "the profile has no [bureau.two]: add its name, address, phone" in fault
    assert "no [bureau.two]" in WRITER.checked(row)[1][0]
    assert WRITER.checked(row | {"bureau_provider": None})[1] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"advice_code": "borrow_more"},
        {"advice_standing": "oath"},
        {"advice_limit_cents": None},
        {"advice_by_on": AS_OF},
        {"fraud_flag": "suspected"},
        {"advice_standing": "nothing"},
    ],
)
def test_a_wrong_advice_is_left_out_and_counted_and_the_letter_goes(wrong) -> None:
    writer = Writer(notices(), LENDER, AS_OF, packs=PACKS)
    letter, faults = writer.checked(WARNED | {"language": "en"} | wrong)
    assert (faults, writer.left_out) == ([], 1)
    assert "What would help" not in letter["body"]
    assert writer.claim(WARNED | {"language": "en"} | wrong).faults != ()


def test_causes_that_do_not_add_up_are_left_out() -> None:
    row = WARNED | CAUSED | {"kind": "decrease", "effective_on": AS_OF + timedelta(days=60), "language": "en"}
    letter, faults = WRITER.checked(row | {"cause_conduct_cents": -29_999})
    assert faults == []
    assert "What changed since" not in letter["body"]


def test_words_that_lack_a_field_are_refused_with_every_gap_named() -> None:
    text = (SHIPPED / "notices" / "2000-01-01-notices.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    data["advice"]["pay_down_on_time"]["en"] = "you pay by {{ by_on }}"
    data["section"]["causes"]["zh"] = "变化："
    data["cause"]["data"]["en"] = data["cause"]["model"]["en"]
    body = data["letter"]["decrease"]["body"]
    body["en"] = (
        body["en"].replace("{{ causes }}\n\n", "").replace("{{ advice }}\n\n", "And {{ advice }}\n\n")
    )
    body["zh"] = body["zh"].replace("{{ advice }}", "{{ advice }}\n\n{{ advice }}")
    data["letter"]["rate"]["body"]["en"] += "\n{{ reasons }}\n"
    with pytest.raises(ValidationError) as refused:
        Notices.model_validate(data)
    for fault in (
        "advice.pay_down_on_time.en must hold {{ amount }}, {{ by_on }}, and no other",
        "section.causes.zh must hold {{ since_on }}, and no other",
        "cause.model.en says the same as cause.data",
        "letter.decrease.body.en lacks {{ causes }} as a paragraph of its own",
        "letter.decrease.body.en must hold {{ advice }} as a paragraph of its own",
        "letter.decrease.body.zh has {{ advice }} twice",
        "letter.rate.body.en has an unknown field {{ reasons }}",
    ):
        assert fault in str(refused.value)


def _record(measure: str, **scope: Any) -> Record:
    return Record(
        id=measure.replace("_", "-"),
        type="duty",
        measure=measure,
        effective_from=AS_OF,
        citation="none",
        checked=False,
        because="A test.",
        **scope,
    )
