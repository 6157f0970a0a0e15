"""Who stands behind a line: in default by the policy's list, a stranger while a row is in quarantine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from linewatch.documents import Documents, load_documents
from tests.decisions.cases import AS_OF, Cases

Row = dict[str, Any]
LINE: Row = {"credit_limit_cents": 20_000_000, "drawn_cents": 8_000_000}
RICH = {"net_monthly_income_cents": 10_000_000}
COVER = {"kind": "guarantor", "provider_grade": "A", "covered_share_bp": 10_000}


def defaults_are(*kinds: str) -> Documents:
    documents = load_documents(AS_OF)
    group = documents.policy.control_group.model_copy(update={"default_treatments": kinds})
    return replace(documents, policy=documents.policy.model_copy(update={"control_group": group}))


def covered_by(
    cases: Cases, name: str, provider: str, *, pd_bp: int = 1999, line: Row = LINE, **cover: Any
) -> None:
    cases.case(name, pd_bp=pd_bp, borrower=RICH, **line)
    row = {**COVER, "facility_id": name, "guarantee_id": "g", "provider_id": provider}
    cases.lender.add("guarantee", **{**row, "valid_from": date(2026, 1, 1), **cover})


@pytest.mark.parametrize("kind", ["bankruptcy", "forbearance"])
@pytest.mark.parametrize("listed", [True, False], ids=["listed", "not listed"])
def test_the_policys_list_of_defaults_acts_on_providers_groups_and_slots_alike(
    kind: str, listed: bool
) -> None:
    cases = Cases(documents=defaults_are(*([kind] if listed else [])))
    cases.enterprise("provider")
    cases.lender.add("treatment", borrower_id="provider", kind=kind)
    covered_by(cases, "line", "provider")
    cases.enterprise("sister")
    cases.lender.add("control_link", borrower_id="provider", related_borrower_id="sister")
    cases.enterprise("provider's project", product="project")
    cases.lender.rows["facility"][-1]["borrower_id"] = "provider"
    assert (cases["line"]["covers"] == []) is listed
    assert ("group_default" in cases["sister"]["triggers"]) is listed
    assert (cases["provider's project"]["slot"] == "default") is listed


def night(quarantined: tuple[str, ...] = ()) -> Cases:
    """A line that wants up, another of its borrower, one under a pledge: covered by a borrower of ours."""
    cases = Cases()
    cases.case("provider", pd_bp=300)
    half = {name: cents // 2 for name, cents in LINE.items()}
    covered_by(cases, "wants up", "provider", pd_bp=50, line=half)
    cases.lender.line("its second line", "wants up")
    covered_by(cases, "pledged", "provider", pd_bp=50, line=half, kind="collateral", value_cents=1_000)
    cases.lender.quarantined += quarantined
    return cases


SOUND = night()
ASIDE = night(("provider",))
FAULTS: dict[str, Row] = {
    "late": {"days_past_due": 95},
    "weak": {"pd_bp": 9_000},
    "dead": {"deceased_on": AS_OF},
}


def faulty(quarantined: tuple[str, ...] = ()) -> Cases:
    """Lines that may fall, each covered by a borrower of ours with a fault."""
    cases = Cases()
    for fault, facts in FAULTS.items():
        days, pd_bp = facts.get("days_past_due", 0), facts.get("pd_bp", 300)
        borrower = {key: facts[key] for key in facts.keys() & {"deceased_on"}}
        cases.case(fault, pd_bp=pd_bp, borrower=borrower, days_past_due=days)
        covered_by(cases, f"behind it {fault}", fault)
    cases.lender.quarantined += quarantined
    return cases


BELIEVED = faulty()
DOUBTED = faulty(tuple(FAULTS))


def test_while_a_row_of_the_provider_is_in_quarantine_no_line_of_the_borrower_rises() -> None:
    assert SOUND["wants up"]["action"] == "increase"
    assert ASIDE["wants up"]["hold_because"] == "quarantined"
    assert ASIDE["its second line"]["gate_row"] == "quarantined"
    assert not ASIDE["wants up"]["quarantined"]


def test_whoever_gives_a_pledge_may_be_in_quarantine() -> None:
    assert ASIDE["pledged"]["action"] == SOUND["pledged"]["action"] == "increase"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_providers_rows_cuts_no_line_that_they_stand_behind(fault: str) -> None:
    believed = BELIEVED[f"behind it {fault}"]["after_expected_loss_cents"]
    aside = DOUBTED[f"behind it {fault}"]
    assert believed < aside["after_expected_loss_cents"] == aside["after_affordability_cents"]
    assert [cover["loss_rate_e8"] for cover in aside["covers"]] == [5 * 4_000]
