"""Every way in which a letter may lie is seen, in the real letters of real nights, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from linewatch.notice import Notices
from tests.tasks.lettered_night import Lettered, Sample, lettered_night
from tests.tasks.mutations import LIES, Letter, of_other_kind, turned


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Lettered:
    return lettered_night(tmp_path_factory.mktemp("lettered"))


def letters(night: Lettered) -> Iterator[tuple[Sample, Letter]]:
    """Every letter, with the same one in both languages."""
    for sample in night.samples:
        both = {
            language: night.writer.letter(turned(sample.row, language))["body"] for language in ("zh", "en")
        }
        yield sample, Letter(sample, night.writer.notices, both)


def faults(night: Lettered, sample: Sample, body: str, subject: str | None = None) -> list[str]:
    return night.writer.reader.faults(sample.claim, sample.subject if subject is None else subject, body)


def test_there_are_enough_true_letters_and_all_of_them_pass(night: Lettered) -> None:
    languages = Counter(sample.claim.language for sample in night.samples)
    assert min(languages["zh"], languages["en"]) > 80
    assert {sample.claim.kind for sample in night.samples} >= {"decrease", "increase", "rate", "offer"}
    wrong = {sample.claim.facility_id: faults(night, sample, sample.body) for sample in night.samples}
    assert {line: said for line, said in wrong.items() if said} == {}


def test_there_are_more_than_thirty_lies() -> None:
    assert len(LIES) > 60


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_seen_in_every_letter_that_it_can_be_told_in(night: Lettered, lie: str) -> None:
    told: Counter[str] = Counter()
    unseen = []
    for sample, letter in letters(night):
        false = LIES[lie](letter)
        if false is None:
            continue
        assert false != sample.body, sample.claim.facility_id
        told[sample.claim.language] += 1
        if not faults(night, sample, false):
            unseen.append(false)
    assert unseen == []
    assert set(told) == {"zh", "en"}, f"told in {told}"


def test_the_subject_of_another_kind_is_seen(night: Lettered) -> None:
    for sample in night.samples:
        assert all(
            faults(night, sample, sample.body, subject)
            for subject in of_other_kind(sample, night.writer.notices)
        )


def test_no_letter_names_anybody_else(night: Lettered) -> None:
    """Neither keys nor names of whoever stands behind a line or belongs to the group."""
    known = [
        (sample, night.strangers[sample.row["borrower_id"]])
        for sample in night.samples
        if sample.row["borrower_id"] in night.strangers
    ]
    assert len(known) > 5
    assert [
        (sample.claim.facility_id, stranger)
        for sample, strangers in known
        for stranger in strangers
        if stranger in sample.body or stranger in sample.subject
    ] == []


def test_whoever_is_suspected_of_a_fraud_reads_nothing_of_it_in_a_lenders_own_words(night: Lettered) -> None:
    """The words of the document themselves may not give it away."""
    words = night.writer.notices
    own = Notices.model_validate(
        words.model_dump()
        | {
            "reason": words.model_dump()["reason"]
            | {"late_payments": {"zh": "涉嫌诈骗。", "en": "A Fraud is looked into."}}
        }
    )
    writer = type(night.writer)(own, night.writer.profile, night.writer.written_on)
    sample = falls(night)[0]
    for language in ("zh", "en"):
        row = {**turned(sample.row, language), "reason_codes": ["late_payments"], "advice_code": None}
        assert writer.checked({**row, "fraud_flag": "none"})[1] == []
        for flag in ("suspected", "first_party"):
            assert writer.checked({**row, "fraud_flag": flag})[1] == [
                "it speaks of fraud to somebody who is suspected of it"
            ]


def test_a_decrease_that_would_take_effect_before_its_notice_gets_no_letter(night: Lettered) -> None:
    days = night.writer.terms.notice_days
    for sample in falls(night):
        first = night.writer.written_on + timedelta(days=days[sample.row["segment"]])
        assert night.writer.checked({**sample.row, "effective_on": first})[1] == []
        early = first - timedelta(days=1)
        assert night.writer.checked({**sample.row, "effective_on": early})[1] == [
            f"it would take effect on {early}, and may not before {first}"
        ]


def test_a_letter_goes_out_neither_before_it_is_written_nor_later_than_the_law_lets(night: Lettered) -> None:
    on = night.writer.written_on
    chinese, american = (
        next(each for each in falls(night) if each.row["jurisdiction"] == country) for country in ("CN", "US")
    )
    for days, passes in ((-1, False), (0, True), (400, True), (None, True)):
        assert _passes(night, chinese, days) is passes, days
    for days, passes in ((-1, False), (0, True), (30, True), (31, False), (None, False)):
        assert _passes(night, american, days) is passes, days
    assert american.row["deadline_on"] == on + timedelta(days=30)


def falls(night: Lettered) -> list[Sample]:
    """The decreases of the last night."""
    on = night.writer.written_on
    return [each for each in night.samples if each.claim.kind == "decrease" and each.claim.written_on == on]


def _passes(night: Lettered, sample: Sample, days: int | None) -> bool:
    deadline_on = None if days is None else night.writer.written_on + timedelta(days=days)
    return night.writer.checked({**sample.row, "deadline_on": deadline_on})[1] == []
