"""How long a borrower's decisions are kept by law, and the things of a home by the profile: by example."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from linewatch.documents import load_documents
from linewatch.profile import Profile
from linewatch.regulation import Pack, Record
from linewatch.retention import Decided, kept_from, kept_until

ON = date(2026, 11, 28)
SHIPPED = load_documents(ON)
US, CN, EU = (SHIPPED.packs[name] for name in ("us", "cn", "eu"))


def profile(**changes: Any) -> Profile:
    return Profile.model_validate({**SHIPPED.profile.model_dump(), **changes})


def until(packs: list[Pack], *decided: date | Decided, kind: Any = "consumer", **changes: Any) -> Any:
    days = [each if isinstance(each, Decided) else Decided(each) for each in decided]
    found = kept_until(packs, days, profile=profile(**changes), borrower_type=kind, on=ON)
    return None if found is None else (found.until, found.record.id)


def pack(**changes: Any) -> Pack:
    record = Record.model_validate(
        {
            "id": "kept",
            "type": "duty",
            "measure": "kept_months",
            "value": 24,
            "effective_from": date(2020, 1, 1),
            "citation": "a law",
            "checked": False,
            "because": "a test",
            **changes,
        }
    )
    return Pack(id="made-up", version="1", effective_from=date(2020, 1, 1), record=(record,))


def test_regulation_b_keeps_a_consumer_25_months_and_a_business_12() -> None:
    decided = date(2024, 6, 15)
    assert until([US], decided) == (date(2026, 7, 15), "us-regb-retention")
    assert until([US], decided, kind="enterprise") == (date(2025, 6, 15), "us-regb-retention-business")


def test_china_keeps_a_consumer_three_years() -> None:
    assert until([CN], date(2026, 11, 21)) == (date(2029, 11, 21), "cn-pipl-56-records")


def test_a_pack_that_asks_for_nothing_and_a_borrower_never_decided_keep_nothing() -> None:
    assert until([EU], date(2026, 11, 21)) is None
    assert until([US]) is None
    assert until([], date(2026, 11, 21)) is None


def test_the_last_decision_counts_whatever_their_order() -> None:
    assert until([US], date(2024, 6, 15), date(2025, 6, 15), date(2023, 1, 1)) == (
        date(2027, 7, 15),
        "us-regb-retention",
    )


def test_of_two_packs_the_longer_is_named() -> None:
    assert until([US, CN], date(2026, 1, 10)) == (date(2029, 1, 10), "cn-pipl-56-records")
    assert until([CN, US], date(2026, 1, 10)) == (date(2029, 1, 10), "cn-pipl-56-records")


def test_a_month_without_that_day_ends_with_the_first_of_the_next() -> None:
    assert until([US], date(2024, 1, 31)) == (date(2026, 3, 1), "us-regb-retention")
    assert until([pack()], date(2024, 2, 29)) == (date(2026, 3, 1), "kept")


def test_what_is_unknown_of_a_borrower_is_kept() -> None:
    assert until([US], date(2026, 1, 10), kind=None) == (date(2028, 2, 10), "us-regb-retention")
    project = pack(product="project")
    assert until([project], Decided(date(2026, 1, 10))) == (date(2028, 1, 10), "kept")
    assert until([project], Decided(date(2026, 1, 10), "working_capital")) is None


def test_a_record_of_another_licence_or_time_keeps_nothing() -> None:
    decided = date(2026, 1, 10)
    assert until([pack(licence="bank")], decided) is None
    assert until([pack(licence="bank")], decided, licence="bank") == (date(2028, 1, 10), "kept")
    assert until([pack(effective_from=date(2027, 1, 1))], decided) is None
    assert until([pack(effective_to=date(2026, 11, 28))], decided) is None
    assert until([pack(effective_to=date(2026, 11, 29))], decided) == (date(2028, 1, 10), "kept")


def test_a_record_that_keeps_says_how_long() -> None:
    with pytest.raises(ValidationError, match="kept_months needs a value"):
        pack(value=None)


def rule(kind: str, months: int | None, on: date = date(2020, 1, 1)) -> dict[str, Any]:
    return {"kind": kind, "effective_from": on, "months": months, "because": "a test"}


def test_a_profile_without_rules_keeps_everything() -> None:
    assert kept_from(SHIPPED.profile, "snapshots", ON) is None


def test_the_newest_rule_of_a_kind_that_has_begun_counts() -> None:
    made = profile(
        retention=[
            rule("snapshots", 36),
            rule("snapshots", 24, date(2026, 1, 1)),
            rule("snapshots", None, date(2027, 1, 1)),
            rule("logs", 3),
        ]
    )
    assert kept_from(made, "snapshots", date(2025, 12, 31)) == date(2022, 12, 31)
    assert kept_from(made, "snapshots", ON) == date(2024, 11, 28)
    assert kept_from(made, "snapshots", date(2027, 1, 1)) is None
    assert kept_from(made, "logs", date(2026, 5, 31)) == date(2026, 2, 28)
    assert kept_from(made, "drafts", ON) is None


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule("decisions", 13)], "decisions are kept 14 months or longer"),
        ([rule("logs", 3), rule("logs", 4)], "how long to keep logs from 2020-01-01"),
        ([rule("ledger", 3)], "'snapshots'"),
        ([rule("logs", 0)], "greater than or equal to 1"),
        ([{**rule("logs", 3), "because": None}], "because"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(rules: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        profile(retention=rules)
