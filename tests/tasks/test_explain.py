"""A decision reads like a receipt: each step, what did it and why, and where nothing was done, why not."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

import sql.engine as sql
from linewatch.documents import load_documents
from linewatch.errors import NotFound
from linewatch.reasons import GROUNDS, HOLDS
from linewatch.recorded import recorded
from linewatch.wrapping import columns
from tasks.explain import explain
from tasks.explain.because import because_of
from tasks.explain.loss import loss_of
from tasks.explain.text import WIDTH, written
from tests.tasks.decisions_fixture import (
    AS_OF,
    SHIPPED,
    committed_home,
    decrease,
    line,
    night,
    reason,
    sources,
)

CARDS = {card.id: card for card in load_documents(AS_OF).scorecards.values()}


def features(scorecard, borrower_id, **values):
    """One row of a feature table with every characteristic of the card, unknown unless named."""
    return {
        "borrower_id": borrower_id,
        **{item.name: None for item in CARDS[scorecard].characteristic},
        **values,
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    lines = [
        decrease("down", stability_row="rounding", stability_value=10_000),
        decrease("asked", route="referred", triggers=["large_decrease", "complaint_open"]),
        decrease(
            "capped",
            binding_step="regulation",
            regulation_row="cn-microlender-consumer-200k",
            regulation_value=20_000_000,
            reasons=[reason("regulation_cap", cents=400_000)],
        ),
        line(
            "gated",
            gate_row="law_forbids_rise",
            law_records=["uk-conc-opted-out"],
            without_regulation_cents=1_500_000,
        ),
        line("still", due=False, hold_because="not_due", gate_row="not_due"),
        line("blocked", drawdown_blocked=True, hold_because="deceased", gate_row="deceased"),
        line(
            "project",
            borrower_type="enterprise",
            segment="project",
            product="project",
            strategy_row="project.weak.mid",
            strategy_value=8_000,
            slot="weak",
            slot_score_bp=18_500,
            slot_financial_strength=1,
            slot_political_legal=3,
            slot_transaction=2,
            slot_sponsor=None,
            slot_security=2,
            statement_end_on=date(2026, 6, 30),
            statement_received_on=date(2026, 8, 1),
            altman_z2_hundredths=105,
            recommendation="draw_stop",
        ),
        line("wide", segment="客" * 60, borrower_id="B" * 150),
    ]
    return committed_home(tmp_path_factory.mktemp("home"), lines)


def test_a_decrease_is_told_step_by_step_with_the_row_the_value_and_its_reason(home):
    told = explain(home, "down")
    assert [step["step"] for step in told.content["walk"]] == [
        "gate",
        "strategy",
        "relationship",
        "affordability",
        "expected_loss",
        "stability",
        "exposure",
        "regulation",
        "floor",
    ]
    strategy = told.content["walk"][1]
    assert (strategy["after_cents"], strategy["moved_cents"]) == (800_000, -400_000)
    assert (strategy["row"], strategy["value"], strategy["unit"]) == (
        "consumer_established.E.high",
        6666,
        "share_bp",
    )
    policy = tomllib.loads((SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8"))
    (row,) = (
        row for row in policy["strategy"] if row["segment"] == "consumer_established" and row["grade"] == "E"
    )
    assert strategy["because"] == row["because"]
    assert row["because"] in " ".join(told.text.split())
    assert "target 66.66 % of the anchor limit" in " ".join(told.text.split())
    assert "rounded down to CN¥100.00" in told.text
    assert "CN¥8,000.00       -4,000.00" in told.text


def test_the_reasons_come_with_what_they_weigh(home):
    told = explain(home, "down")
    assert [(each["code"], each["points"]) for each in told.content["reasons"]] == [
        ("late_payments", 2200),
        ("utilisation", 900),
    ]
    assert "1. Payments to us have been late. [late_payments]\n     22.00 points short" in told.text


def test_a_record_of_law_is_cited(home):
    told = explain(home, "capped")
    step = told.content["walk"][7]
    assert step["because"].endswith("小额贷款公司监督管理暂行办法 (金规〔2024〕26号)")
    assert "at most 200,000.00 over all lines" in " ".join(told.text.split())


def test_the_records_that_bind_a_line_are_cited_with_the_limit_without_them(home):
    told = explain(home, "gated")
    assert [record["citation"] for record in told.content["law"]] == ["FCA Handbook, CONC 6.7.7R"]
    words = " ".join(told.text.split())
    assert "uk-conc-opted-out (gate): No rise and no offer of one" in words
    assert "without it CN¥15,000.00 would be proposed" in words
    assert "The law" not in explain(home, "still").text


def test_a_project_tells_its_slot_its_marks_the_statement_used_and_what_is_recommended(home):
    explained = explain(home, "project")
    assert "weak, score 1.8500 of 4, costs 8.00 % a year" in " ".join(explained.text.split())
    assert "sponsor missing (15.00 %)" in " ".join(explained.text.split())
    assert "period to 2026-06-30, received 2026-08-01; Altman's Z'' 1.05" in explained.text
    assert "stop new drawings [draw_stop]" in explained.text
    assert explained.content["walk"][1]["because"].startswith("The committee is asked")


def test_a_line_that_was_not_changed_says_why_not(home):
    assert explain(home, "still").content["hold"] == {
        "code": "not_due",
        "text": "The next review is not due yet.",
    }
    blocked = explain(home, "blocked")
    assert blocked.content["hold"]["text"] == "We were told that the holder of the credit line has died."
    assert "No new drawings are possible." in blocked.text


def test_a_referred_line_names_its_triggers_and_its_case(home):
    told = explain(home, "asked")
    assert [each["code"] for each in told.content["triggers"]] == ["large_decrease", "complaint_open"]
    assert (told.content["case"]["kind"], told.content["case"]["due_on"]) == ("interview", "2026-11-27")
    assert "waits for a person; nothing moves meanwhile" in told.text


def test_the_receipt_fits_a_hundred_columns_and_the_content_is_plain_json(home):
    for facility_id in ("down", "asked", "capped", "still", "blocked", "wide"):
        told = explain(home, facility_id)
        assert max(columns(text) for text in told.text.splitlines()) <= WIDTH
        assert json.loads(json.dumps(told.content)) == told.content
        assert explain(home, facility_id) == told


def test_points_of_each_characteristic_are_told_the_costliest_first(tmp_path):
    card = CARDS["consumer"]
    first = card.characteristic[0]
    worst = min((bin_ for bin_ in first.attribute if not bin_.unknown), key=lambda bin_: bin_.points)
    value = worst.from_ if worst.from_ is not None else worst.below - 1
    home = committed_home(
        tmp_path,
        [decrease("F1")],
        features_consumer=[features("consumer", "B-F1", **{first.name: value})],
        features_enterprise=[features("enterprise", "other")],
    )
    told = explain(home, "F1")
    found = {row["characteristic"]: row for row in told.content["points"]}
    assert set(found) == {item.name for item in card.characteristic}
    assert (found[first.name]["value"], found[first.name]["points"]) == (value, worst.points)
    short = [row["shortfall"] for row in told.content["points"]]
    assert short == sorted(short, reverse=True)
    assert first.name[:33] in told.text


def test_a_line_or_night_that_is_not_there_says_what_now(home, tmp_path):
    with pytest.raises(NotFound, match="decided no line 'nowhere'") as refused:
        explain(home, "nowhere")
    assert (refused.value.exit_code, "--as-of" in refused.value.what_now) == (2, True)
    with pytest.raises(NotFound, match="decided no line 'B-down'") as refused:
        explain(home, "B-down")
    assert f"linewatch borrower explain B-down --home {home}" in refused.value.what_now
    with pytest.raises(NotFound, match="no night of 2020-01-01"):
        explain(home, "down", date(2020, 1, 1))
    with pytest.raises(NotFound, match="No night was ever run"):
        explain(tmp_path, "down")


def test_an_earlier_night_can_be_asked_about(tmp_path):
    committed_home(tmp_path, [line("F1")], as_of=date(2026, 10, 20))
    committed_home(tmp_path, [decrease("F1")])
    assert explain(tmp_path, "F1").content["action"] == "decrease"
    assert explain(tmp_path, "F1", date(2026, 10, 20)).content["action"] == "hold"


def test_a_line_is_explained_while_a_night_runs(home):
    of = night(home)
    with sql.cursor(of.scratch) as db:
        db.create("schema/draft_failed")
        assert explain(home, "down").content["as_of"] == "2026-11-20"
    sql.close_engine(of.scratch)


def test_every_row_that_a_statement_can_name_has_its_reason():
    documents = recorded(source.text for source in sources())
    segment = "consumer_established"
    asked = line("F1", segment=segment)
    rows = {
        "gate": [*HOLDS, *(code for code in GROUNDS if code.startswith("treatment_")), "blocked"],
        "strategy": ["long_unused", f"{segment}.C.mid"],
        "relationship": ["cut_relief", "extra_step", "consented_amount", "customer_decrease"],
        "affordability": ["capacity"],
        "expected_loss": ["hurdle", "appetite"],
        "stability": ["cool_off", "down_review", "rounding"],
        "exposure": [cap["id"] for cap in documents.policy["exposure_cap"]],
        "regulation": [record["id"] for pack in documents.packs.values() for record in pack["record"]],
    }
    silent = [
        f"{step} {row}"
        for step, names in rows.items()
        for row in names
        if not because_of(step, row, asked, documents)
    ]
    assert silent == []


def test_a_quarantined_line_without_limit_or_currency_is_told_as_unknown(tmp_path):
    facts = dict.fromkeys(("currency", "limit_cents", "anchor_limit_cents", "source_limit_cents"))
    facts |= {key: None for key in line("F1") if key.startswith("after_")}
    odd = line("F1", quarantined=True, hold_because="quarantined", gate_row="quarantined") | facts
    told = explain(committed_home(tmp_path, [odd]), "F1")
    assert told.content["walk"][0]["moved_cents"] is None
    assert "unknown" in told.text


def test_a_file_of_the_record_that_is_gone_is_named(tmp_path):
    home = committed_home(tmp_path, [line("F1")])
    (gone,) = Path(home).glob("batches/*/decisions*.parquet")
    gone.unlink()
    with pytest.raises(NotFound, match="file of decisions") as refused:
        explain(home, "F1")
    assert str(gone) in refused.value.where


def test_what_the_line_may_cost_is_told_cover_by_cover_with_the_room_that_is_left(home):
    documents = recorded(source.text for source in sources())
    decided = line(
        "covered",
        own_loss_rate_e8=1_950_000,
        ead_cents=1_000_000,
        loss_cents=10_000,
        obligor_owed_loss_cents=900_000,
        obligor_loss_cents=950_000,
        covers=[
            {
                "guarantee_id": "G1",
                "kind": "guarantor",
                "provider_id": "B2",
                "share_bp": 5_000,
                "most_cents": None,
                "days": 90,
                "loss_rate_e8": 20_000,
                "covered_cents": 123_287,
            }
        ],
    )
    told = loss_of(decided, documents)
    assert (told["appetite_cents"], told["room_cents"]) == (1_500_000, 600_000)
    text = written({**explain(home, "down").content, "expected_loss": told})
    assert "  - guarantor G1 by B2: takes CN¥1,232.87 at 0.020000 % lost, for 90 more days\n" in text
    assert "  Uncovered  CN¥8,767.13 at 1.950000 % lost\n" in text
    assert "the appetite is 15,000.00, 6,000.00 beside what is owed" in text, "its currency is not known"
    in_cny = {**explain(home, "down").content, "expected_loss": told, "lender_currency": "CNY"}
    assert "the appetite is CN¥15,000.00, CN¥6,000.00 beside" in written({**in_cny, "currency": "USD"})


def test_a_line_without_a_score_tells_no_loss(home):
    assert (
        loss_of(line("unscored", own_loss_rate_e8=None), recorded(source.text for source in sources()))
        is None
    )
