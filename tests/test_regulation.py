"""The packs as documents: what they may ask, what they lack, and what the shipped ones hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from linewatch.documents import Documents, load_documents
from linewatch.errors import DocumentRefused
from linewatch.law import Facts, Law, bounds_in_force, law_in_force
from linewatch.regulation import Pack
from linewatch.regulation_page import shipped
from tests.decisions.law_cases import documents_under, record
from tests.decisions.small_lender import AS_OF

PACKS = {pack.id: pack for pack in shipped()}
CONSUMER = {
    "jurisdiction": "CN", "borrower_type": "consumer", "product": "revolving_consumer", "lines": 3,
}  # fmt: skip
NET_ASSETS = record("cap", "borrower_net_assets_bp", 1_000, id="ten-percent")
DOLLARS = record("cap", "line_limit_cents", 100, id="dollars", currency="USD")
REFERENCE = record("rate", "reference_rate_bp", 40_000, id="four-lpr", reference="LPR_1Y")


def law(documents: Documents, *subjects: Any, **facts: Any) -> Law:
    told = {"reporting_currency": "CNY", "rate_ppm": {"CNY": 1_000_000}, "reference_bp": {}, **facts}
    return law_in_force(documents, AS_OF, Facts(subjects=subjects or (CONSUMER,), **told))


def faults(documents: Documents, *subjects: Any) -> tuple[str, ...]:
    with pytest.raises(DocumentRefused) as refused:
        law(documents, *subjects)
    return refused.value.faults


def test_a_measure_that_nothing_enforces_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValidationError, match=r"enforces no gate 'moral_standing'.*it knows income_known"):
        record("gate", "moral_standing")


@pytest.mark.parametrize(
    ("type", "measure", "value", "keys", "said"),
    [
        ("cap", "line_limit_cents", None, {}, "needs a value"),
        ("gate", "income_known", 5, {}, "takes no value"),
        ("gate", "income_known", None, {"for_months": 2}, "does not read for_months"),
        ("rate", "reference_rate_bp", 40_000, {}, "needs the name of its reference rate"),
        ("gate", "no_opt_out", None, {"applies_to": "new_drawdown"}, "a rate, and nothing else"),
        ("gate", "no_opt_out", None, {"effective_to": date(2000, 1, 1)}, "it would never bind"),
        ("gate", "no_opt_out", None, {"income_from_cents": 5, "income_below_cents": 5}, "bind nobody"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(
    type: str, measure: str, value: int | None, keys: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        record(type, measure, value, **keys)


def test_a_record_twice_and_an_approval_by_nobody_are_refused() -> None:
    with pytest.raises(ValidationError, match="ten-percent stands more than once"):
        documents_under(NET_ASSETS, NET_ASSETS)
    with pytest.raises(ValidationError, match="approved_on and approved_by together"):
        Pack(id="cn", version="1", effective_from=AS_OF, approved_on=AS_OF, record=())


@pytest.mark.parametrize("lacking", [{"net_assets_cents": None}, {"capital_on": date(2026, 11, 22)}])
def test_net_assets_that_nobody_told_in_time_are_asked_for_by_name(lacking: dict[str, Any]) -> None:
    (fault,) = faults(documents_under(NET_ASSETS, **lacking))
    assert fault.startswith("pack cn: record ten-percent: needs net_assets_cents")
    assert "add both to the profile" in fault


def test_what_the_policy_lacks_and_what_the_law_lacks_are_told_together() -> None:
    documents = documents_under(NET_ASSETS, net_assets_cents=None)
    with pytest.raises(DocumentRefused) as refused:
        bounds_in_force(documents, AS_OF, Facts("CNY", {"CNY": 1_000_000}, {}, [CONSUMER]))
    begins = [fault.split(": ")[0] for fault in refused.value.faults]
    assert begins == ["policy", "policy", "pack cn"]


def test_a_rate_of_exchange_and_a_reference_rate_are_asked_for_by_name() -> None:
    assert faults(documents_under(DOLLARS, REFERENCE)) == (
        "pack cn: record dollars: needs a rate of USD; add it to fx_rate, dated 2026-11-21 or earlier",
        "pack cn: record four-lpr: needs the rate LPR_1Y; "
        "add it to reference_rate, dated 2026-11-21 or earlier",
    )


def test_a_record_that_could_bind_no_line_of_tonight_needs_nothing() -> None:
    for_firms = record("cap", "line_limit_cents", 100, currency="USD", borrower_type="enterprise")
    assert law(documents_under(for_firms)).records == []
    assert law(documents_under(DOLLARS), {**CONSUMER, "jurisdiction": "TW"}).records == []


def test_lines_of_a_country_without_a_pack_are_refused_where_the_profile_says_so() -> None:
    abroad = {**CONSUMER, "jurisdiction": "TW", "lines": 1_200}
    assert law(documents_under(), abroad).records == []
    (fault,) = faults(documents_under(require_pack=True), abroad)
    assert "TW has 1,200 open lines and no pack" in fault


@pytest.mark.parametrize(
    ("approved_on", "refused"),
    [(None, True), (date(2025, 11, 21), True), (date(2025, 11, 22), False), (date(2026, 11, 22), True)],
)
def test_a_pack_without_a_fresh_approval_is_refused_where_the_profile_says_so(
    approved_on: date | None, refused: bool
) -> None:
    documents = documents_under(require_approved_packs=True)
    told = {"approved_on": approved_on, "approved_by": "Counsel" if approved_on else None}
    pack = documents.packs["cn"].model_copy(update=told)
    documents = replace(documents, packs={**documents.packs, "cn": pack})
    if refused:
        assert faults(documents)[0].startswith("pack cn: not approved within the 12 months up to 2026-11-21")
    else:
        assert law(documents).records == []


def test_the_packs_of_five_jurisdictions_are_shipped_and_counsel_has_approved_none() -> None:
    assert sorted(PACKS) == ["cn", "eu", "sg", "uk", "us"]
    assert [pack.id for pack in PACKS.values() if pack.approved_on] == []


def test_the_members_of_the_union_share_a_pack() -> None:
    packs = load_documents(AS_OF).profile.packs
    assert sum(pack == "eu" for pack in packs.values()) == 27
    assert (packs["DE"], packs["GB"], packs["SG"], packs["US"]) == ("eu", "uk", "sg", "us")


def test_the_american_pack_tells_four_reasons_at_most_and_never_what_changed_at_the_lender() -> None:
    asked = {each.measure: each.value for each in PACKS["us"].record if each.borrower_type is None}
    assert asked == {
        "most_reasons": 4,
        "reasons_told": None,
        "no_causes_in_letters": None,
        "equal_credit_notice": None,
    }


def test_what_was_not_read_in_its_source_says_so() -> None:
    unchecked = {each.id for pack in PACKS.values() for each in pack.record if not each.checked}
    assert {"cn-microlender-group-15pct", "eu-ai-act-high-risk", "sg-debt-6x", "uk-gdpr-22a-d"} <= unchecked
    assert "us-regb-four-reasons" not in unchecked


@pytest.mark.parametrize(
    ("as_of", "multiple"), [(date(2017, 5, 31), 24), (date(2017, 6, 1), 18), (AS_OF, 12)]
)
def test_a_law_in_steps_is_one_record_a_step(as_of: date, multiple: int) -> None:
    limits = [each.value for each in PACKS["sg"].record if each.type == "block" and each.binds_on(as_of)]
    assert limits == [multiple]
