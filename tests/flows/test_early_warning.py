"""Nights on which lines are told early that they would be cut, and the nights of the reviews that follow."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from flows import replay
from flows.advising import advise_night
from flows.nightly import correct
from linewatch.advice import EarlyWarning
from linewatch.documents import SHIPPED, Documents, load_documents
from linewatch.night import Night
from sql.engine import close_engine, open_engine
from tasks import revise as revising
from tasks.borrower_view import borrower_view
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import REFERENCE_ON
from tasks.draft import draft
from tasks.features import features
from tasks.letters.look import sought
from tasks.letters.outbox import write_outboxes
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tests.flows.later_source import HELPS, Row, Told, generous, of, source_of, told_night
from tests.whole_night import RECORDED_AT, accept, run_night
from verify.home import check

SOON = REFERENCE_ON + timedelta(days=1)
SAME_MONTH = date(2026, 12, 2)
TABLE = """
[early_warning]
days = 30
because = "A test."
"""
REVIEW = date(2026, 12, 21)
"""All lines of the lender have their statement on the day of its first night."""
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Warned:
    """A second night, on which borrowers have come to use more and to ask elsewhere."""

    home: Path
    told: Told
    """With the rows of that night."""
    warnings: pd.DataFrame
    batch: Path
    suspected: frozenset[str]
    """Borrowers who are suspected of a fraud since the first night, or have died."""

    def review(
        self, place: Path, done: list[Row], also: Callable[[Frames], None] = lambda _: None
    ) -> pd.DataFrame:
        """What the night of the review decides, everything as it was but what borrowers did; by line."""
        shutil.copytree(self.home, place / "home")
        source = source_of(self.told, self.home, REVIEW, done, place / "source", also)
        receipt = run_night(source, REVIEW, place / "home", documents=self.told.documents, promises=False)
        return of(place / "home" / "batches" / receipt.batch, "decisions").set_index("facility_id")


def warning(days: int = 30, **more: object) -> Documents:
    """A policy under which much helps soon, and who is cut is warned."""
    given = generous(REFERENCE_ON)
    advice = given.policy.advice.model_copy(update={"months": 1, "income_share_bp": 10_000})
    early = EarlyWarning(days=days, because="A test.", **more)
    changed = given.policy.model_copy(update={"advice": advice, "early_warning": early})
    return replace(given, policy=changed)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_night(tmp_path_factory.mktemp("first"), 600, warning())


@pytest.fixture(scope="module")
def warned(first: Told, tmp_path_factory: pytest.TempPathFactory) -> Warned:
    return on(SOON, first, tmp_path_factory.mktemp("warned"))


def on(day: date, first: Told, place: Path, documents: Documents | None = None) -> Warned:
    rows = first.decisions
    lines = set(
        rows[
            rows.segment.str.startswith("consumer")
            & rows.grade.isin(["C", "D"])
            & rows.fired_target_bp.isna()
            & (rows.route == "automatic")
            & (rows.limit_cents == rows.committed_limit_cents)
        ].facility_id
    )
    owners = sorted(set(rows[rows.facility_id.isin(lines)].borrower_id))
    suspected, dead = frozenset(owners[::7]), frozenset(owners[1::7])

    def befall(tables: Frames) -> None:
        spend(tables, lines)
        borrower = tables["borrower"]
        borrower.loc[borrower.borrower_id.isin(suspected), "fraud_flag"] = "suspected"
        borrower.loc[borrower.borrower_id.isin(dead), "deceased_on"] = day

    home = place / "home"
    shutil.copytree(first.home, home)
    source = source_of(first, home, day, [idle(line) for line in lines], place / "source", befall)
    given = documents or first.documents
    receipt = run_night(source, day, home, documents=given, advice=True, promises=False)
    batch = home / "batches" / receipt.batch
    tables = {path.stem: pd.read_parquet(path) for path in source.glob("*.parquet")}
    told = replace(first, as_of=day, tables=tables, decisions=of(batch, "decisions"), documents=given)
    found = of(batch, "warnings") if list(batch.glob("warnings-*")) else pd.DataFrame()
    return Warned(home, told, found, batch, suspected | dead)


def spend(tables: Frames, lines: set[str]) -> None:
    facility, month, bureau = (tables[name] for name in ("facility", "facility_month", "bureau_report"))
    own = facility.facility_id.isin(lines)
    facility.loc[own, "drawn_cents"] = facility[own].credit_limit_cents * 3 // 4
    late = month.facility_id.isin(lines) & (pd.to_datetime(month.month) >= "2026-08-01")
    drawn = facility.set_index("facility_id").drawn_cents
    month.loc[late, "closing_balance_cents"] = month[late].facility_id.map(drawn)
    asked = bureau.borrower_id.isin(set(facility[own].borrower_id))
    bureau.loc[asked, "inquiries_6m"] = bureau[asked].inquiries_6m.fillna(0) + 3


def idle(line: str) -> Row:
    return {"facility_id": line, "amount_cents": 0, "code": "on_time"}


def codes(decided: pd.DataFrame) -> list[list[str]]:
    return [[reason["code"] for reason in reasons] for reasons in decided.reasons]


def test_who_is_warned_is_cut_by_the_review_to_the_limit_that_was_told(
    warned: Warned, tmp_path: Path
) -> None:
    told = warned.warnings.set_index("facility_id")
    assert len(told) >= 10
    found = warned.review(tmp_path, [idle(line) for line in told.index]).loc[told.index]
    assert set(found.action) == {"decrease"}
    assert set(found.route) == {"automatic"}
    assert list(found.committed_limit_cents) == list(told.warned_limit_cents)
    assert list(pd.to_datetime(found.effective_on)) == list(pd.to_datetime(told.effective_on))


def test_who_is_warned_is_cut_though_what_is_late_tonight_is_paid(warned: Warned, tmp_path: Path) -> None:
    told = warned.warnings.set_index("facility_id")

    def pay(tables: Frames) -> None:
        facility = tables["facility"]
        facility.loc[facility.borrower_id.isin(told.borrower_id), ["days_past_due", "past_due_cents"]] = 0

    found = warned.review(tmp_path, [idle(line) for line in told.index], pay).loc[told.index]
    assert list(found.committed_limit_cents) == list(told.warned_limit_cents)


def test_the_reasons_are_those_of_the_cut_where_no_month_closes_until_then(
    first: Told, tmp_path: Path
) -> None:
    late = on(SAME_MONTH, first, tmp_path / "late")
    told = late.warnings.set_index("facility_id")
    assert len(told) >= 10
    found = late.review(tmp_path, [idle(line) for line in told.index]).loc[told.index]
    assert list(found.committed_limit_cents) == list(told.warned_limit_cents)
    assert [list(each) for each in told.reason_codes] == codes(found)
    letters = of(late.batch, "drafts").set_index("facility_id")
    assert [list(each) for each in letters.loc[told.index].reason_codes] == codes(found)


def test_whoever_takes_the_advice_has_the_limit_that_it_names(warned: Warned, tmp_path: Path) -> None:
    told = warned.warnings[warned.warnings.advice_standing.isin(HELPS)].set_index("facility_id")
    assert len(told) >= 10
    done = [
        {"facility_id": line, "amount_cents": int(row.advice_amount_cents), "code": row.advice_code}
        for line, row in told.iterrows()
    ]
    found = warned.review(tmp_path, done).loc[told.index]
    assert list(found.proposed_limit_cents) == list(told.advice_limit_cents.astype("int64"))
    kept = told[told.advice_limit_cents >= told.limit_cents]
    assert len(kept) >= 3
    assert "decrease" not in set(found.loc[kept.index].action)


def test_nobody_is_warned_who_is_suspected_or_dead_or_told_of_something_else(warned: Warned) -> None:
    owners = set(warned.warnings.borrower_id)
    assert not owners & warned.suspected
    drafts = of(warned.batch, "drafts")
    assert set(drafts[drafts.borrower_id.isin(owners)].kind) == {"early_warning"}
    rows = warned.told.decisions.set_index("facility_id").loc[warned.warnings.facility_id]
    assert set(rows.hold_because) == {"not_due"}


def test_whoever_pays_late_is_offered_support_and_nothing_else(warned: Warned) -> None:
    rows = warned.told.decisions
    late = rows.groupby("borrower_id").days_past_due.max()
    borrower = warned.told.tables["borrower"].set_index("borrower_id")
    for row in warned.warnings.to_dict("records"):
        hard = borrower.hardship_on[row["borrower_id"]]
        hard = hard is not None and hard <= SOON
        assert (row["advice_code"] == "support") == (late[row["borrower_id"]] > 0 or hard)


def test_a_warning_decides_nothing_and_another_policy_writes_the_same_other_letters(
    warned: Warned, first: Told, tmp_path: Path
) -> None:
    given = first.documents
    silent = replace(given, policy=given.policy.model_copy(update={"early_warning": None}))
    other = on(SOON, first, tmp_path, silent)
    assert other.batch.name == warned.batch.name, "the same root"
    assert not list(other.batch.glob("warnings-*"))
    letters = of(warned.batch, "drafts")
    rest = letters[letters.kind != "early_warning"].reset_index(drop=True)
    assert rest.equals(of(other.batch, "drafts"))
    changes = of(warned.batch, "changes")
    assert not set(changes.facility_id) & set(warned.warnings.facility_id)


def test_nobody_is_warned_twice_before_the_line_has_been_reviewed(warned: Warned, tmp_path: Path) -> None:
    shutil.copytree(warned.home, tmp_path / "home")
    lines = [idle(line) for line in warned.warnings.facility_id]
    for day in (SOON + timedelta(days=1), REVIEW):
        source = source_of(warned.told, tmp_path / "home", day, lines, tmp_path / day.isoformat())
        receipt = run_night(
            source, day, tmp_path / "home", documents=warned.told.documents, advice=True, promises=False
        )
        batch = tmp_path / "home" / "batches" / receipt.batch
        assert "early_warning" not in set(of(batch, "drafts").kind)
        if day != REVIEW:
            assert of(batch, "warnings").equals(warned.warnings)
        else:
            assert not list(batch.glob("warnings-*")), "their review was tonight"


def test_a_revision_remembers_whom_the_night_warned(warned: Warned, first: Told, tmp_path: Path) -> None:
    """From mended rows, in which nobody had come to use more."""
    home, lines = tmp_path / "home", [idle(line) for line in warned.warnings.facility_id]
    shutil.copytree(warned.home, home)
    revised = revise(source_of(first, first.home, SOON, lines, tmp_path / "mended"), home, first.documents)
    letters = [pd.read_parquet(path) for path in revised.glob("drafts-*")]
    assert "early_warning" not in {kind for drafts in letters for kind in drafts.kind}
    pd.testing.assert_frame_equal(of(revised, "warnings"), warned.warnings)
    day = SOON + timedelta(days=1)
    source = source_of(warned.told, home, day, lines, tmp_path / "source")
    receipt = run_night(source, day, home, documents=first.documents, advice=True, promises=False)
    batch = home / "batches" / receipt.batch
    assert "early_warning" not in set(of(batch, "drafts").kind)
    pd.testing.assert_frame_equal(of(batch, "warnings"), warned.warnings)


def revise(source: Path, home: Path, documents: Documents) -> Path:
    """The night that warned, decided again from other rows."""
    night = Night(SOON, home, str(source), documents, RECORDED_AT, threads=1, revise=True)
    open_engine(night.scratch, threads=1)
    try:
        pull.fn(night)
        accept(night)
        assert revising.begin(night)
        for step in (features, rescore, decide, advise_night, draft):
            step.fn(night)
        correct(night)
        refer.fn(night)
        revising.open_anew(night)
        return home / "batches" / commit.fn(night, ()).batch
    finally:
        close_engine(night.scratch)


def test_a_policy_that_names_segments_and_days_warns_those_alone(first: Told, tmp_path: Path) -> None:
    segments = ("consumer_new",)
    found = on(SOON, first, tmp_path / "segment", warning(segments=segments))
    rows = found.told.decisions.set_index("facility_id")
    assert set(rows.loc[found.warnings.facility_id].segment) <= set(segments)
    assert on(SOON, first, tmp_path / "near", warning(days=28)).warnings.empty


def test_nights_that_warn_come_to_their_roots_again_and_the_record_checks(tmp_path: Path) -> None:
    """With the policy as a file: what is recorded is what replay reads."""
    shipped = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    path = tmp_path / "policy.toml"
    changed = re.sub(r"(?m)^most = .*", "most = 1000000", shipped).replace("months = 7\n", "months = 1\n")
    path.write_text(changed + TABLE, encoding="utf-8")
    told = told_night(tmp_path, 600, load_documents(REFERENCE_ON, policy=path))
    lines = [idle(line) for line in told.decisions[told.decisions.plan_open].facility_id]
    source = source_of(told, told.home, SOON, lines, tmp_path / "source")
    receipt = run_night(source, SOON, told.home, documents=told.documents, advice=True, promises=False)
    assert len(of(told.home / "batches" / receipt.batch, "warnings")) >= 2, "the next stages of staged cuts"
    assert [each.status for each in replay.all_of(told.home, None, None)] == ["same"] * 2
    assert check(told.home).faults == ()


def test_the_letter_is_shown_and_handed_to_the_mailer_with_no_change_of_the_log(warned: Warned) -> None:
    row = warned.warnings.iloc[0]
    (seen,) = sought(warned.home, row.facility_id)
    assert (seen.letter.kind, seen.letter.change_id) == ("early_warning", None)
    (outbox, *_) = write_outboxes(warned.home, SOON)
    entries = [json.loads(line) for line in outbox.read_text(encoding="utf-8").splitlines()]
    found = {each["facility_id"]: each for each in entries if each["kind"] == "early_warning"}
    assert set(found) == set(warned.warnings.facility_id)
    assert found[row.facility_id]["effective_on"] == row.effective_on.isoformat()
    assert found[row.facility_id]["text"] == seen.letter.text


def test_who_asks_is_told_what_the_warning_said_would_help(warned: Warned) -> None:
    for row in warned.warnings.to_dict("records"):
        (said,) = [
            each
            for each in borrower_view(warned.home, row["borrower_id"]).content["advice"]
            if each["facility_id"] == row["facility_id"]
        ]
        assert said["code"] == row["advice_code"]
        assert said["on"] == SOON.isoformat()
        (letter,) = (each.letter for each in sought(warned.home, row["facility_id"]))
        assert said["text"] in letter.text
