"""A receipt says what stands beside the limit, each only where it applies, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewatch.recorded import recorded
from sql.engine import Engine
from tasks.explain import explain
from tasks.explain.because import because_of, rules_of
from tasks.explain.source import of_source
from tasks.explain.standing import standing_of
from tasks.explain.text import written
from tests.tasks.decisions_fixture import AS_OF, committed_home, decrease, line, sources

NAMES = (
    "Kept",
    "Tell by",
    "Law alone",
    "Offer",
    "On its way",
    "For a time",
    "Ceiling",
    "Project",
    "Revenue",
    "Held",
    "Rule",
    "Meanwhile",
)
OWN_RULE = {"name": "thin_cash", "when": "limit_cents > 5", "then": "hold", "because": "Minute of March."}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    lines = [
        line("plain"),
        decrease("law", route="referred", law_limit_cents=1_000_000, triggers=["large_decrease"]),
        line("offered", offered_limit_cents=1_500_000, offer_until=date(2026, 12, 20)),
        line("expected", expected_on=date(2026, 11, 25)),
        line("overdue", expected_on=date(2026, 11, 11)),
        line("own", customer_limit_cents=1_200_000, customer_limit_on=date(2026, 3, 1)),
        line("improving", improve_reviews=1),
        line("in grace", former_pd_bp=140, grade_by_former=True),
        decrease("told", deadline_on=date(2026, 12, 20)),
        line("for a time", temporary_cents=300_000),
        decrease(
            "stopped",
            action="freeze",
            route="referred",
            triggers=["large_decrease"],
            drawdown_blocked=True,
            review_block="income",
            effective_on=date(2026, 11, 21),
        ),
    ]
    return committed_home(tmp_path_factory.mktemp("home"), lines)


def told(home, facility_id):
    return " ".join(explain(home, facility_id).text.split())


def test_a_plain_line_is_told_nothing_of_what_does_not_apply(home):
    text = explain(home, "plain").text
    assert [name for name in NAMES if f"  {name} " in text] == []


def test_of_a_referred_line_the_share_of_the_law_moves_and_the_rest_waits(home):
    assert explain(home, "law").content["law_limit_cents"] == 1_000_000
    assert "waits for a person; only the law's share moves meanwhile" in told(home, "law")
    assert "Law alone CN¥10,000.00 from 2026-12-21, whatever a person says" in told(home, "law")


def test_a_block_until_a_case_ends_is_told_with_its_reason_and_the_reasons_are_those_of_the_proposal(home):
    text = told(home, "stopped")
    assert "Decision: freeze, from 2026-11-21; waits for a person; drawing is stopped meanwhile" in text
    assert "Meanwhile nobody may draw until its case has ended. Its letter says: Income is low" in text
    assert "Reasons of what is proposed, as the borrower reads them" in text


def test_an_offer_is_told_with_its_last_day(home):
    assert explain(home, "offered").content["offer"] == {"limit_cents": 1_500_000, "until": "2026-12-20"}
    assert "Offer CN¥15,000.00, stands until 2026-12-20" in told(home, "offered")


def test_a_change_on_its_way_is_told_with_the_day_and_how_late_it_is(home):
    assert explain(home, "expected").content["publication"]["overdue_days"] == 0
    assert "does not show all of it yet; expected from 2026-11-25" in told(home, "expected")
    assert "should have from 2026-11-11: 9 days overdue" in told(home, "overdue")


def test_a_ceiling_of_the_borrowers_own_and_a_temporary_addition_are_told(home):
    assert "the borrower asked for no more than CN¥12,000.00, on 2026-03-01" in told(home, "own")
    assert "For a time CN¥3,000.00 more, which is no part of the limit" in told(home, "for a time")


def test_a_trigger_is_told_with_the_number_of_the_policy_and_its_reason(home):
    (trigger,) = explain(home, "law").content["triggers"]
    assert trigger["value"] == 5_000_000
    assert trigger["because"] == "A cut of this many cents changes someone's life; a person looks first."
    assert trigger["because"] in told(home, "law")


def test_a_grade_that_is_kept_says_what_holds_it(home):
    assert "Kept Of 2 due reviews in a row that must show a better grade, 1 did." in told(home, "improving")
    assert "One good month is noise" in told(home, "improving")
    assert "by the card before this one, whose PD is 1.40 %." in told(home, "in grace")


def test_the_day_by_which_the_law_wants_a_letter_out_is_told(home):
    assert "Tell by the law wants the letter out by 2026-12-20" in told(home, "told")


def test_a_rule_of_the_risk_teams_own_is_told_with_its_condition_and_its_reason(home):
    documents = recorded(source.text for source in sources())
    documents = replace(documents, policy={**documents.policy, "rule": [OWN_RULE]})
    held = line("F1", rules=["thin_cash"], hold_because="policy_rule", gate_row="policy_rule")
    assert because_of("gate", "policy_rule", held, documents) == "thin_cash: Minute of March."
    content = explain(home, "plain").content
    text = written({**content, "rules": rules_of(["thin_cash"], documents)})
    assert "Rule       thin_cash, hold when limit_cents > 5: Minute of March." in text


def test_a_line_of_a_held_night_says_which_guard_holds_it(home):
    content = {**explain(home, "plain").content, "state": "held", "held_because": ["cuts: 40 % of 35 %"]}
    assert "  Held       cuts: 40 % of 35 %\n" in written(content)


def of_rows(place, row, **tables):
    """What the snapshot with these rows tells beside the decision."""
    told = {}
    for name, rows in {"facility": [{"facility_id": "F1"}], **tables}.items():
        pq.write_table(pa.Table.from_pylist(rows), place / f"{name}.parquet")
        told[name] = {"rows": len(rows)}
    (place / "manifest.json").write_text(json.dumps({"format": 1, "tables": told}), encoding="utf-8")
    night = {"as_of": AS_OF, "previous_as_of": None, "freshness_days": 5}
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        return of_source(db, place, row, night)


def test_a_project_is_told_with_the_report_that_counts(home, tmp_path):
    report = {"facility_id": "F1", "phase": "works", "completion_bp": 4_200, "dscr_bp": 11_500}
    report |= {"covenant_breached": True, "draw_stop": False, "cost_to_complete_cents": 52_000_000}
    days = (date(2026, 9, 1), date(2026, 10, 31), date(2026, 12, 1))
    rows = [{**report, "reported_on": day} for day in days]
    found = of_rows(tmp_path, line("F1", product="project"), project_status=rows)
    text = " ".join(written({**explain(home, "plain").content, **found}).split())
    assert "Project of 2026-10-31: works, 42.00 % done; CN¥520,000.00 still to be spent;" in text
    assert "debt service covered 1.1500 times; a covenant is breached" in text


def test_revenue_that_comes_from_invoices_is_told_as_such(home, tmp_path):
    months = [{"borrower_id": "B-F1", "month": date(2026, month, 1), "currency": "CNY"} for month in (8, 9)]
    rows = [{**row, "sales_cents": 9_000, "sales_returns_cents": 0} for row in months]
    firm = line("F1", borrower_type="enterprise", product="working_capital")
    found = of_rows(tmp_path, firm, trade_month=rows)
    text = " ".join(written({**explain(home, "plain").content, **found}).split())
    assert "CN¥720.00 a year, from the invoices of 3 months, the newest 1 before it; no statement" in text
    assert of_rows(tmp_path, {**firm, "statement_end_on": date(2025, 12, 31)})["trade"] is None


def test_a_temporary_addition_is_told_with_its_last_day_while_the_snapshot_is_kept(tmp_path):
    row = line("F1", temporary_cents=300_000)
    facility = [{"facility_id": "F1", "temporary_until": date(2026, 11, 26)}]
    assert of_rows(tmp_path, row, facility=facility)["temporary_until"] == date(2026, 11, 26)
    assert of_rows(tmp_path, row)["temporary_until"] is None


def test_a_night_of_an_older_version_without_these_columns_is_told_all_the_same():
    assert set(standing_of({}, AS_OF).values()) == {None, False}
