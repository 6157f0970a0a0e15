"""Gates, blocks, rates and duties of law: what each measure does, where, and from when to when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.decisions.cases import ENTERPRISE, WORKING, carried
from tests.decisions.law_cases import decide, documents_under, lender_under, record, rising
from tests.decisions.small_lender import AS_OF, SmallLender

MONTH = date(2026, 10, 1)
YOUNG = {"under_21": True}
Row = dict[str, Any]


def under(gate: Any, borrower: Row | None = None, **line: Any) -> SmallLender:
    lender = lender_under(gate)
    rising(lender, "f", borrower, **line)
    return lender


GATES = [
    ("income_known", None, {"net_monthly_income_cents": None}),
    ("income_verified", None, {"income_kind": "stated"}),
    ("annual_income_least_cents", 24_000_001, {}),
    ("no_difficulty", None, {"hardship_on": date(2026, 1, 1)}),
    ("identity_verified", None, {"identity_verified_on": None}),
]


@pytest.mark.parametrize(("measure", "value", "borrower"), GATES)
def test_a_gate_forbids_the_rise_of_whom_it_means(measure: str, value: int | None, borrower: Row) -> None:
    row = decide(under(record("gate", measure, value), borrower))
    assert (row["action"], row["law_records"]) == ("hold", [f"gate-{measure}".replace("_", "-")])


@pytest.mark.parametrize(
    ("measure", "value"), [(measure, value) for measure, value, _ in GATES if value is None]
)
def test_a_gate_lets_everybody_else_rise(measure: str, value: int | None) -> None:
    row = decide(under(record("gate", measure, value)))
    assert (row["action"], row["law_records"]) == ("increase", [])


def test_the_record_and_the_limit_without_it_are_named() -> None:
    row = decide(under(record("gate", "annual_income_least_cents", 24_000_001)))
    assert (row["gate_row"], row["hold_because"]) == ("law_forbids_rise", "law_forbids_rise")
    assert (row["proposed_limit_cents"], row["without_regulation_cents"]) == (1_000_000, 1_250_000)


def test_income_of_exactly_the_least_is_enough() -> None:
    assert decide(under(record("gate", "annual_income_least_cents", 24_000_000)))["action"] == "increase"


def test_obligations_must_be_known() -> None:
    lender = under(record("gate", "obligations_known"))
    lender.rows["bureau_report"].clear()
    assert decide(lender)["law_records"] == ["gate-obligations-known"]


def test_whoever_opted_out_is_offered_nothing() -> None:
    assert decide(under(record("gate", "no_opt_out"), {"limit_increase": False}))["law_records"] != []
    assert decide(under(record("gate", "no_opt_out"), {"limit_increase": None}))["law_records"] == []


@pytest.mark.parametrize(("days", "bound"), [(59, False), (60, True)])
def test_sixty_days_late_anywhere_forbids_a_rise(days: int, bound: bool) -> None:
    lender = under(record("gate", "dpd_below_days", 60))
    lender.rows["bureau_report"][0]["worst_dpd_now"] = days
    assert (decide(lender)["law_records"] != []) is bound


def test_consent_to_rises_in_general_is_no_consent_to_an_amount() -> None:
    row = decide(under(record("gate", "consent_to_amount")))
    assert (row["action"], row["law_records"]) == ("offer", ["gate-consent-to-amount"])


def test_consent_to_the_amount_lets_the_limit_rise() -> None:
    lender = under(record("gate", "consent_to_amount"))
    lender.add("consent", borrower_id="f", kind="limit_increase", facility_id="f", amount_cents=1_250_000)
    assert (decide(lender)["action"], decide(lender)["law_records"]) == ("increase", [])


def reports(lender: SmallLender, *debts: int | None) -> None:
    """A report a month, the last in October, of so much unsecured debt."""
    lender.rows["bureau_report"].clear()
    for back, debt in enumerate(reversed(debts)):
        lender.add(
            "bureau_report",
            borrower_id="f",
            pulled_on=date(2026, 10 - back, 3),
            unsecured_revolving_cents=debt,
        )


OVER = 24_000_001
AT = 24_000_000
"""Twelve months of an income of 20,000 yuan."""


@pytest.mark.parametrize(
    ("debts", "blocked"),
    [
        ([OVER, OVER, OVER], True),
        ([OVER, OVER], False),
        ([OVER, OVER, AT], False),
        ([AT, OVER, OVER], False),
        ([OVER, None, OVER], False),
    ],
)
def test_debt_over_twelve_incomes_three_months_running_stops_drawing(
    debts: list[int | None], blocked: bool
) -> None:
    lender = under(record("block", "debt_income_months", 12, for_months=3))
    reports(lender, *debts)
    row = decide(lender)
    assert (row["action"] == "freeze", row["law_records"] != []) == (blocked, blocked)
    if blocked:
        assert [reason["code"] for reason in row["reasons"]] == ["debt_over_legal_limit"]
        assert row["without_regulation_cents"] > row["limit_cents"]


def test_a_block_of_law_ends_with_its_cause() -> None:
    lender = under(record("block", "debt_income_months", 12, for_months=3))
    reports(lender, OVER, OVER, OVER)
    frozen = decide(lender)
    reports(lender, OVER, OVER, AT)
    lender.past = [carried(frozen)]
    assert (frozen["action"], decide(lender)["action"]) == ("freeze", "unfreeze")


def in_persistent_debt(lender: SmallLender, fees: int = 2_000, principal: int | None = 1_000) -> None:
    for month in lender.rows["facility_month"]:
        month |= {"interest_fees_cents": fees, "principal_paid_cents": principal}


@pytest.mark.parametrize(
    ("months", "fees", "principal", "bound"),
    [
        (12, 2_000, 1_000, True),
        (13, 2_000, 1_000, False),
        (12, 1_000, 1_000, False),
        (12, 2_000, None, False),
        (12, 1_999, 0, False),
    ],
)
def test_persistent_debt_is_more_paid_in_fees_than_in_principal(
    months: int, fees: int, principal: int | None, bound: bool
) -> None:
    lender = under(record("block", "persistent_debt_months", months, least_cents=24_000))
    in_persistent_debt(lender, fees, principal)
    row = decide(lender)
    assert ([reason["code"] for reason in row["reasons"]] == ["persistent_debt"]) is bound


def test_a_payment_plan_answers_persistent_debt_but_no_limit_rises() -> None:
    lender = lender_under(
        record("gate", "persistent_debt_months", 12), record("block", "persistent_debt_months", 12)
    )
    rising(lender, "f")
    in_persistent_debt(lender)
    lender.add("treatment", borrower_id="f", kind="payment_plan", valid_from=date(2026, 1, 1))
    assert decide(lender)["law_records"] == ["gate-persistent-debt-months"]


def test_identity_blocks_where_a_pack_asks_and_the_source_has_the_column() -> None:
    asked = under(record("block", "identity_verified"), {"identity_verified_on": None})
    rising(asked, "other")
    assert [reason["code"] for reason in decide(asked)["reasons"]] == ["identity_unverified"]
    silent = under(record("block", "identity_verified"), {"identity_verified_on": None})
    assert decide(silent)["action"] == "hold"
    nobody_asks = lender_under()
    rising(nobody_asks, "f", {"identity_verified_on": None})
    rising(nobody_asks, "other")
    assert decide(nobody_asks)["action"] == "hold"


SCOPES: list[tuple[Row, Row, Row]] = [
    ({"borrower_type": "consumer"}, {}, ENTERPRISE),
    ({"age_group": "under_21"}, YOUNG, {"under_21": None}),
    ({"age_group": "student"}, {"student": True}, YOUNG),
    ({"income_from_cents": 24_000_000}, {}, {"net_monthly_income_cents": 1_999_999}),
    ({"income_below_cents": 24_000_001}, {}, {"net_monthly_income_cents": None}),
]


@pytest.mark.parametrize(("scope", "inside", "outside"), SCOPES)
def test_a_record_binds_inside_its_scope_alone(scope: Row, inside: Row, outside: Row) -> None:
    lender = lender_under(record("rate", "highest_rate_bp", 1_000, **scope))
    rising(lender, "in", inside)
    rising(lender, "out", outside)
    rows = lender.decide()
    assert (rows["in"]["law_rate_bp"], rows["out"]["law_rate_bp"]) == (1_000, None)


def test_product_country_and_licence_are_scope_too() -> None:
    lender = lender_under(
        record("rate", "highest_rate_bp", 1_000, product="working_capital"),
        record("rate", "highest_rate_bp", 500, id="other-licence", licence="bank"),
    )
    rising(lender, "f")
    rising(lender, "works", ENTERPRISE, **WORKING)
    rising(lender, "abroad", {**ENTERPRISE, "jurisdiction": "TW"}, **WORKING)
    rates = {name: row["law_rate_bp"] for name, row in lender.decide().items()}
    assert rates == {"f": None, "works": 1_000, "abroad": None}


@pytest.mark.parametrize(
    ("as_of", "bound"),
    [
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
    ],
)
def test_a_record_binds_from_its_first_day_to_the_day_before_its_end(as_of: date, bound: bool) -> None:
    gate = record(
        "gate",
        "annual_income_least_cents",
        24_000_001,
        effective_from=date(2026, 11, 20),
        effective_to=date(2026, 11, 24),
    )
    lender = lender_under(gate, as_of=as_of)
    rising(lender, "f")
    assert decide(lender)["action"] == ("hold" if bound else "increase")


def test_a_rate_of_law_lowers_the_rate_of_any_line_and_raises_none() -> None:
    lender = lender_under(record("rate", "highest_rate_bp", 1_700))
    lender.borrower("b1", pd_bp=300)
    lender.line("due", last_reviewed_on=None)
    lender.line("not due", last_reviewed_on=AS_OF)
    lender.line("cheap", annual_rate_bp=1_600)
    lender.line("unknown", annual_rate_bp=None)
    rows = lender.decide()
    assert {name: row["committed_rate_bp"] for name, row in rows.items()} == {
        "due": 1_700,
        "not due": 1_700,
        "cheap": 1_600,
        "unknown": None,
    }
    assert rows["not due"]["law_records"] == ["rate-highest-rate-bp"]
    assert rows["not due"]["effective_on"] == date(2026, 11, 22)


def test_a_reference_rate_is_multiplied_and_the_newest_counts() -> None:
    lender = lender_under(record("rate", "reference_rate_bp", 40_000, reference="LPR_1Y"))
    rising(lender, "f")
    for day, rate in ((date(2026, 1, 20), 310), (date(2026, 10, 20), 300), (date(2026, 12, 20), 200)):
        lender.add("reference_rate", name="LPR_1Y", as_of=day, rate_bp=rate)
    assert decide(lender)["proposed_rate_bp"] == 1_200


def test_a_rate_that_was_lowered_is_not_lowered_again_while_the_source_is_behind() -> None:
    lender = lender_under(record("rate", "highest_rate_bp", 1_700))
    lender.borrower("f", pd_bp=300)
    lender.line("f", "f", last_reviewed_on=AS_OF)
    first = decide(lender)
    lender.past = [carried(first)]
    second = decide(lender)
    assert (first["rate_bp"], second["rate_bp"], second["proposed_rate_bp"]) == (1_800, 1_700, 1_700)
    assert second["law_records"] == []


def falling(*records: Any, borrower: Row | None = None) -> SmallLender:
    lender = lender_under(*records)
    lender.borrower("f", pd_bp=9_000, **(borrower or {}))
    lender.line("f", "f", drawn_cents=0, months={"closing_balance_cents": 400_000})
    return lender


def test_where_the_law_asks_for_a_person_no_machine_lowers_a_limit() -> None:
    row = decide(falling(record("duty", "human_review")))
    assert (row["action"], row["route"], row["committed_limit_cents"]) == ("decrease", "referred", 1_000_000)
    assert "human_review" in row["triggers"]
    assert "human_review" not in decide(falling())["triggers"]


def test_an_objection_counts_where_the_law_says_so_though_the_policy_does_not() -> None:
    def lender(*records: Any) -> SmallLender:
        made = falling(*records)
        triggers = tuple(
            each for each in made.documents.policy.trigger if each.code != "automation_objection"
        )
        policy = made.documents.policy.model_copy(update={"trigger": triggers})
        made.documents = replace(made.documents, policy=policy)
        made.add("consent", borrower_id="f", kind="automation_objection")
        return made

    asked = decide(lender(record("duty", "human_review_on_request")))
    assert "automation_objection" in asked["triggers"]
    assert "automation_objection" not in decide(lender())["triggers"]


def test_a_notice_of_law_puts_off_the_day_of_a_decrease() -> None:
    own = decide(falling())["effective_on"]
    assert decide(falling(record("duty", "notice_before_days", 1)))["effective_on"] == own
    assert decide(falling(record("duty", "notice_before_days", 90)))["effective_on"] == date(2027, 2, 20)


def test_the_letter_of_a_decrease_has_the_day_by_which_the_law_wants_it_out() -> None:
    asked = falling(
        record("duty", "notice_deadline_days", 30), record("duty", "notice_deadline_days", 5, id="b")
    )
    assert (decide(asked)["deadline_on"], decide(falling())["deadline_on"]) == (date(2026, 11, 26), None)


def test_the_fewest_reasons_that_a_law_allows_are_told_and_the_rest_kept() -> None:
    lender = falling(
        record("duty", "most_reasons", 4),
        record("duty", "most_reasons", 1, id="fewer", product="revolving_consumer"),
    )
    lender.features["f"] = {"late_count": 0, "asked_for": 0}
    row = decide(lender)
    assert (len(row["reasons"]), len(row["reasons_truncated"])) == (1, 1)


@pytest.mark.parametrize(
    ("reviewed_on", "due", "forbidden"),
    [
        (date(2026, 5, 22), None, False),
        (date(2026, 5, 21), "law_reassessment", False),
        (date(2026, 4, 22), "law_reassessment", False),
        (date(2026, 4, 21), "law_reassessment", True),
    ],
)
def test_months_without_assessment_make_a_review_due_and_a_month_more_forbids_a_rise(
    reviewed_on: date, due: str | None, forbidden: bool
) -> None:
    lender = lender_under(record("duty", "reassess_months", 6))
    policy = lender.documents.policy
    yearly = tuple(each.model_copy(update={"cycle": "annual"}) for each in policy.segment)
    lender.documents = replace(lender.documents, policy=policy.model_copy(update={"segment": yearly}))
    rising(lender, "f", {"income_kind": "stated"}, last_reviewed_on=reviewed_on)
    row = decide(lender)
    assert (row["due_because"], row["law_records"] != []) == (due, forbidden)


def test_a_duty_that_is_shown_changes_nothing() -> None:
    lender = lender_under(record("duty", "shown", 36, unit="months"))
    plain = lender_under()
    for each in (lender, plain):
        rising(each, "f")
    assert lender.decide() == plain.decide()


def test_two_nights_with_the_law_beginning_between_them() -> None:
    cap = record("cap", "borrower_limit_cents", 800_000, effective_from=date(2026, 11, 21))
    rows = []
    for as_of in (date(2026, 11, 20), date(2026, 11, 21)):
        lender = SmallLender(as_of=as_of, documents=documents_under(cap, as_of=as_of))
        lender.borrower("f", pd_bp=300)
        lender.line("f", "f", last_reviewed_on=as_of, drawn_cents=0)
        rows.append(decide(lender))
    assert [row["committed_limit_cents"] for row in rows] == [1_000_000, 800_000]
    assert (rows[1]["regulation_row"], rows[1]["without_regulation_cents"]) == (
        "cap-borrower-limit-cents",
        1_000_000,
    )


def capped(*caps: Any, borrower: Row | None = None, **profile: Any) -> SmallLender:
    """One borrower with a line of 1,000,000 and one of 600,000 cents, nothing drawn."""
    lender = lender_under(*caps, **profile)
    lender.borrower("f", **(borrower or {}))
    for name, limit in (("f", 1_000_000), ("g", 600_000)):
        lender.line(name, "f", credit_limit_cents=limit, drawn_cents=0, last_reviewed_on=AS_OF)
    return lender


def test_a_cap_on_a_line_and_a_cap_on_its_borrower_are_each_kept() -> None:
    rows = capped(
        record("cap", "line_limit_cents", 900_000), record("cap", "borrower_limit_cents", 1_520_000)
    ).decide()
    assert [row["proposed_limit_cents"] for row in rows.values()] == [900_000, 570_000]
    assert rows["f"]["without_regulation_cents"] == 1_000_000


def test_a_cap_of_one_product_adds_up_its_own_lines_alone() -> None:
    lender = capped(record("cap", "borrower_limit_cents", 600_000, product="revolving_consumer"))
    lender.rows["facility"][0]["product"] = "working_capital"
    rows = lender.decide()
    assert [row["proposed_limit_cents"] for row in rows.values()] == [1_000_000, 600_000]


@pytest.mark.parametrize(
    ("income", "cents"),
    [(29_999_99, 999_999), (30_000_00, 1_000_000), (None, 1_000_000)],
)
def test_a_cap_by_income_counts_monthly_incomes_inside_its_band(income: int | None, cents: int) -> None:
    cap = record("cap", "borrower_income_months", 4, income_below_cents=30_000_00)
    lender = capped(cap, borrower={"annual_income_cents": income, "net_monthly_income_cents": None})
    lender.rows["facility"].pop()
    lender.rows["facility_month"] = [
        row for row in lender.rows["facility_month"] if row["facility_id"] == "f"
    ]
    assert decide(lender)["proposed_limit_cents"] == cents


@pytest.mark.parametrize("measure", ["net_assets", "tier1"])
def test_a_cap_as_a_share_of_capital_binds_a_borrower_and_a_group(measure: str) -> None:
    told = {f"{measure}_cents": 10_000_000}
    alone = capped(record("cap", f"borrower_{measure}_bp", 800), **told).decide()
    assert [row["regulation_value"] for row in alone.values()] == [800_000, 800_000]
    lender = capped(record("cap", f"group_{measure}_bp", 1_500), **told)
    lender.borrower("other")
    lender.line("h", "other", credit_limit_cents=400_000, drawn_cents=0, last_reviewed_on=AS_OF)
    lender.add("control_link", borrower_id="f", related_borrower_id="other")
    assert [row["regulation_value"] for row in lender.decide().values()] == [1_500_000] * 3
