"""A letter says what was decided, in the reader's language; one that says anything else is seen."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linewatch.letter import LETTERS
from linewatch.notice import LANGUAGES, Notices
from linewatch.read_back import read_date
from linewatch.reasons import HOLDS, REASONS, TRIGGERS
from tasks.draft import Writer
from tests.tasks.decisions_fixture import AS_OF, SHIPPED, notices, profile

WRITER = Writer(notices(), profile(), AS_OF)

LETTER = {
    "facility_id": "F1",
    "borrower_id": "B1",
    "borrower_type": "consumer",
    "jurisdiction": "GB",
    "currency": "GBP",
    "kind": "decrease",
    "limit_cents": 1_200_000,
    "proposed_limit_cents": 800_000,
    "rate_bp": 1800,
    "proposed_rate_bp": 1800,
    "deadline_on": None,
    "effective_on": date(2026, 12, 20),
    "decided_on": date(2026, 11, 20),
    "reply_by_on": date(2026, 12, 22),
    "reason_codes": ["late_payments", "utilisation"],
    "language": "en",
    "name": "Ann Lee",
}


def test_a_chinese_letter_says_what_changes_from_when_by_how_much_and_why():
    letter, faults = WRITER.checked(
        {**LETTER, "language": "zh", "jurisdiction": "CN", "currency": "CNY", "name": "王芳"}
    )
    assert faults == []
    assert letter["body"].startswith("尊敬的王芳：\n")
    for said in (
        "原额度：¥12,000.00",
        "调整后额度：¥8,000.00",
        "生效日期：2026年12月20日",
        "1. 近期在我们这里的还款出现过逾期。",
        "2. 已用额度占总额度的比例较高。",
        profile().complaints_address,
        profile().regulator_address,
    ):
        assert said in letter["body"]


def test_an_english_letter_writes_money_and_days_as_its_country_does():
    british, _ = WRITER.checked(LETTER)
    american, _ = WRITER.checked({**LETTER, "jurisdiction": "US", "currency": "USD"})
    japanese, faults = WRITER.checked({**LETTER, "jurisdiction": "JP", "currency": "JPY"})
    assert "New limit: £8,000.00\nFrom: 20 December 2026" in british["body"]
    assert "New limit: $8,000.00\nFrom: December 20, 2026" in american["body"]
    assert "New limit: ¥800,000\n" in japanese["body"]
    assert faults == []


def test_a_letter_names_the_first_four_reasons_and_no_more():
    codes = ["default_90_dpd", "late_payments", "utilisation", "inquiries", "tenure"]
    letter, faults = WRITER.checked({**LETTER, "reason_codes": codes})
    assert faults == []
    assert letter["reason_codes"] == codes[:4]
    assert "\n5. " not in letter["body"]


def test_the_family_of_a_borrower_who_died_gets_another_letter_than_the_borrower():
    letter, faults = WRITER.checked(
        {**LETTER, "kind": "freeze", "proposed_limit_cents": 1_200_000, "reason_codes": ["deceased"]}
    )
    assert faults == []
    assert letter["kind"] == "freeze"
    assert letter["body"].startswith("To the family or executor of Ann Lee,\n\nWe are sorry for your loss.")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["has nothing to do with anything that you did", "Decision taken back, of: 20 November 2026"]),
        ("zh", ["责任在我们", "原决定日期：2026年11月20日"]),
    ],
)
def test_a_correction_says_that_the_mistake_was_ours_and_which_decision_is_taken_back(language, said):
    row = {**LETTER, "kind": "correction", "reason_codes": [], "language": language}
    letter, faults = WRITER.checked({**row, "limit_cents": 800_000, "proposed_limit_cents": 1_200_000})
    assert faults == []
    assert (letter["kind"], letter["reason_codes"]) == ("correction", [])
    assert [words for words in said if words not in letter["body"]] == []


def test_a_change_of_rate_stands_in_the_letter_about_the_limit():
    letter, faults = WRITER.checked(
        {**LETTER, "kind": "increase", "proposed_limit_cents": 1_500_000, "proposed_rate_bp": 1550}
    )
    assert faults == []
    assert "Yearly rate until now: 18.00%\nNew yearly rate: 15.50%" in letter["body"]


def test_a_name_cannot_forge_a_line_of_the_letter():
    letter, faults = WRITER.checked(
        {**LETTER, "name": "Ann\n1. We were wrong\r\u2028New limit: £1 {{ lender }}"}
    )
    assert faults == []
    assert letter["body"].splitlines()[0] == "Dear Ann 1. We were wrong New limit: £1 {{ lender }},"


LIES = {
    "another new limit": lambda body: body.replace("£8,000.00", "£9,000.00"),
    "old and new limit swapped": lambda body: (
        body.replace("£8,000.00", "£x").replace("£12,000.00", "£8,000.00").replace("£x", "£12,000.00")
    ),
    "a figure without its cents": lambda body: body.replace("£8,000.00", "£8,000"),
    "another currency": lambda body: body.replace("£8,000.00", "US$8,000.00"),
    "a negative limit": lambda body: body.replace("£8,000.00", "-£8,000.00"),
    "another day": lambda body: body.replace("20 December", "21 December"),
    "no day": lambda body: body.replace("From: 20 December 2026", "From:"),
    "another line": lambda body: body.replace("Credit line: F1", "Credit line: F2"),
    "a label changed": lambda body: body.replace("New limit:", "Old limit:"),
    "a figure left out": lambda body: body.replace("New limit: £8,000.00\n", ""),
    "a figure added": lambda body: body.replace("From: 20", "Limit: £8,000.00\nFrom: 20"),
    "a reason swapped": lambda body: body.replace("Payments to us have been late.", "Profit is low."),
    "a reason dropped": lambda body: body.replace("\n2. A large share of the credit limit is in use.", ""),
    "a reason added": lambda body: body.replace("in use.\n", "in use.\n3. Profit is low.\n"),
    "reasons in another order": lambda body: body.replace(
        "1. Payments to us have been late.\n2. A large", "1. A large"
    ).replace("in use.\n", "in use.\n2. Payments to us have been late.\n"),
    "a reason in other words": lambda body: body.replace("have been late.", "have been very late."),
    "a reason in the other language": lambda body: body.replace(
        "Payments to us have been late.", "近期在我们这里的还款出现过逾期。"
    ),
    "an extra line about a guarantor": lambda body: body + "Your guarantor was told.\n",
    "an extra sentence in the middle": lambda body: body.replace("as agreed.", "as agreed, and soon."),
    "the right to a person left out": lambda body: re.sub(r"You have the right.*\n", "", body),
    "another address": lambda body: body.replace(profile().complaints_address, "a dead letter box"),
    "another reader": lambda body: body.replace("Ann Lee", "Bob Lee"),
    "another lender": lambda body: body.replace("\nExample Lender", "\nSample Lender"),
    "a field not filled": lambda body: body.replace("£8,000.00", "{{ new_limit }}"),
    "nothing at all": lambda _: "",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_letter_that_does_not_say_what_was_decided_is_seen(lie):
    claim = WRITER.claim(LETTER)
    true = WRITER.letter(LETTER)
    false = LIES[lie](true["body"])
    assert WRITER.reader.faults(claim, true["subject"], true["body"]) == []
    assert false != true["body"]
    assert WRITER.reader.faults(claim, true["subject"], false) != []


def test_a_letter_under_another_letters_subject_is_seen():
    claim = WRITER.claim(LETTER)
    body = WRITER.letter(LETTER)["body"]
    assert WRITER.reader.faults(claim, notices().letter["increase"].subject.en, body) != []


def test_yesterdays_decision_is_seen_in_todays_letter():
    body = WRITER.letter(LETTER)["body"]
    today = WRITER.claim({**LETTER, "limit_cents": 1_100_000})
    assert WRITER.reader.faults(today, notices().letter["decrease"].subject.en, body) == [
        "old_limit: '£12,000.00' is not what was decided"
    ]


@pytest.mark.parametrize(
    ("codes", "why"),
    [([], "a decrease without a reason"), (["moon_phase"], "reason moon_phase has no words")],
)
def test_a_decrease_that_cannot_say_why_gets_no_letter(codes, why):
    assert WRITER.checked({**LETTER, "reason_codes": codes}) == ({}, [why])


@given(
    kind=st.sampled_from(["decrease", "freeze", "unfreeze", "increase", "offer", "rate"]),
    language=st.sampled_from(LANGUAGES),
    jurisdiction=st.sampled_from(["CN", "US", "GB", "SG", "DE", "ZA", "IN", "XX", "CH"]),
    currency=st.sampled_from(["CNY", "USD", "GBP", "EUR", "SGD", "JPY", "KWD", "INR"]),
    old=st.integers(0, 10**15),
    new=st.integers(0, 10**15),
    rates=st.tuples(
        st.one_of(st.none(), st.integers(0, 20_000)), st.one_of(st.none(), st.integers(0, 20_000))
    ),
    day=st.dates(AS_OF, date(2099, 12, 31)),
    codes=st.lists(st.sampled_from(sorted(REASONS)), min_size=1, max_size=6, unique=True),
    reader=st.sampled_from(["consumer", "enterprise"]),
    name=st.one_of(st.none(), st.text(max_size=40)),
)
def test_whatever_is_decided_its_letter_reads_back_to_it(
    kind, language, jurisdiction, currency, old, new, rates, day, codes, reader, name
):
    row = {
        **LETTER,
        "kind": kind,
        "language": language,
        "jurisdiction": jurisdiction,
        "currency": currency,
        "limit_cents": old,
        "proposed_limit_cents": new if kind in ("decrease", "increase", "offer") else old,
        "rate_bp": rates[0],
        "proposed_rate_bp": rates[1],
        "effective_on": day,
        "reason_codes": codes,
        "borrower_type": reader,
        "name": name,
    }
    letter, faults = WRITER.checked(row)
    assert faults == []
    assert "{{" not in letter["body"].replace(name or "{{", "")


def test_every_code_has_words_in_both_languages():
    assert set(notices().reason) == set(REASONS)
    assert set(notices().hold) == set(HOLDS)
    assert set(notices().trigger) == set(TRIGGERS)
    assert set(notices().letter) == set(LETTERS)


def test_a_notices_document_that_lacks_words_is_refused_with_every_gap_named():
    text = (SHIPPED / "notices" / "2000-01-01-notices.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    del data["reason"]["inquiries"]
    data["reason"]["tenure"]["en"] = data["reason"]["income"]["en"]
    data["hold"]["made_up"] = {"zh": "无", "en": "none"}
    body = data["letter"]["decrease"]["body"]
    body["en"] = body["en"].replace("{{ complaints_address }}", "{{ adress }}")
    with pytest.raises(ValidationError) as refused:
        Notices.model_validate(data)
    for fault in (
        "reason.inquiries has no words",
        "reason.income.en says the same as reason.tenure",
        "hold.made_up is not a known code",
        "letter.decrease.body.en lacks {{ complaints_address }}",
        "letter.decrease.body.en has an unknown field {{ adress }}",
    ):
        assert fault in str(refused.value)


def test_a_lenders_own_words_are_the_ones_that_are_read_back():
    words = notices().model_copy(deep=True)
    own = words.model_copy(
        update={
            "reason": {
                **words.reason,
                "late_payments": words.reason["late_payments"].model_copy(update={"en": "Late."}),
            }
        }
    )
    letter, faults = Writer(own, profile(), AS_OF).checked(LETTER)
    assert faults == []
    assert "1. Late." in letter["body"]
    assert WRITER.reader.faults(WRITER.claim(LETTER), letter["subject"], letter["body"]) != []


def test_days_are_read_in_both_orders_and_nonsense_is_not():
    assert read_date("2 March 2026", "en") == read_date("March 2, 2026", "en") == date(2026, 3, 2)
    assert read_date("2026年3月2日", "zh") == date(2026, 3, 2)
    assert read_date("2 Mar 2026", "en") is None
    assert read_date("2026-03-02", "zh") is None
