"""Advice tried as a borrower would: make just that edit, run the nights until its day, look at the limit."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from linewatch.documents import Documents, load_documents
from tasks.demo import write_demo
from tests.whole_night import run_night

Row = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Told:
    """A committed night, the rows that it read, and what it advised."""

    home: Path
    as_of: date
    tables: Tables
    decisions: pd.DataFrame
    advice: pd.DataFrame
    documents: Documents

    @property
    def first_end(self) -> pd.Timestamp:
        """The end of the first month that something is asked for."""
        return (
            pd.Timestamp(self.as_of)
            + timedelta(self.documents.policy.advice.least_days)
            + pd.offsets.MonthEnd(0)
        )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    place = tmp_path_factory.mktemp("advised")
    (night,) = write_demo(place / "lender", borrowers=600, seed=4)
    documents = unguarded(night.as_of)
    receipt = run_night(
        night.folder, night.as_of, place / "home", documents=documents, advice=True, promises=False
    )
    batch = place / "home" / "batches" / receipt.batch
    tables = {path.stem: pd.read_parquet(path) for path in sorted(night.folder.glob("*.parquet"))}
    return Told(place / "home", night.as_of, tables, of(batch, "decisions"), of(batch, "advice"), documents)


def around(tables: Tables, decisions: pd.DataFrame, lines: set[str]) -> dict[str, pd.DataFrame]:
    """The rows of the groups of some lines and of whoever stands behind them, so that a night is short."""
    guarantee = tables["guarantee"]
    kept = set(decisions[decisions.facility_id.isin(lines)].group_id)
    for _ in range(2):
        of_kept = decisions[decisions.group_id.isin(kept)].facility_id
        behind = guarantee[guarantee.facility_id.isin(of_kept)].provider_id.dropna()
        kept |= set(decisions[decisions.borrower_id.isin(behind)].group_id)
    owners = set(decisions[decisions.group_id.isin(kept)].borrower_id)
    held = set(tables["facility"][tables["facility"].borrower_id.isin(owners)].facility_id)
    cut = {}
    for name, rows in tables.items():
        if "facility_id" in rows and "borrower_id" not in rows:
            rows = rows[rows.facility_id.isin(held)]
        elif "borrower_id" in rows:
            rows = rows[rows.borrower_id.isin(owners)]
        cut[name] = rows.reset_index(drop=True)
    return cut


def unguarded(as_of: date) -> Documents:
    """The shipped documents, without the guards that would hold a night."""
    shipped = load_documents(as_of)
    policy = shipped.policy.model_copy(update={"guard": ()})
    return shipped.__class__(**{**shipped.__dict__, "policy": policy})


def of(batch: Path, name: str) -> pd.DataFrame:
    (path,) = batch.glob(f"{name}-*.parquet")
    return pd.read_parquet(path)


def rounds(told: Told) -> list[list[Row]]:
    """All that would help, no two lines of one group in a round."""
    group = told.decisions.set_index("facility_id").group_id
    left = told.advice[told.advice.standing == "indication"].to_dict("records")
    found: list[list[Row]] = []
    while left:
        taken: dict[str, Row] = {}
        for row in left:
            taken.setdefault(group[row["facility_id"]], row)
        found.append(list(taken.values()))
        left = [row for row in left if row not in found[-1]]
    return found


def months_until(as_of: date, day: date) -> list[pd.Timestamp]:
    """The months that close after one day and up to another."""
    first = (pd.Timestamp(as_of) + timedelta(days=1)).to_period("M")
    return [month.to_timestamp() for month in pd.period_range(first, day + timedelta(days=1), freq="M")[:-1]]


def closed(rows: pd.DataFrame, key: str, as_of: date, months: list[pd.Timestamp]) -> pd.DataFrame:
    """A row like the last closed one of each, for every month that closes."""
    past = rows[pd.to_datetime(rows.month) + pd.offsets.MonthEnd(0) <= pd.Timestamp(as_of)]
    last = past.sort_values("month").groupby(key, as_index=False).last()
    return pd.concat([last.assign(month=month.date()) for month in months], ignore_index=True)


def standing(home: Path) -> pd.Series:
    """The limit that the home published last, by line."""
    files = sorted((home / "batches").glob("*-night-*/changes-*.parquet"))
    changes = pd.concat([pd.read_parquet(path) for path in files]).sort_values(["as_of", "facility_id"])
    return changes.groupby("facility_id").new_limit_cents.last()


def source_of(told: Told, home: Path, day: date, done: list[Row], folder: Path) -> Path:
    """The rows of a later day, everything as it was but what the borrowers did."""
    tables = around(told.tables, told.decisions, {row["facility_id"] for row in done})
    months = months_until(told.as_of, day)
    facility, month, borrower = tables["facility"], tables["facility_month"], tables["borrower"]
    own = facility.set_index("facility_id").borrower_id
    tonight = told.decisions.set_index("facility_id").committed_limit_cents

    later = closed(month, "facility_id", told.as_of, months) if months else month.iloc[:0].copy()
    drawn = facility.set_index("facility_id").drawn_cents
    later["closing_balance_cents"] = later.facility_id.map(drawn)
    later["limit_cents"] = later.facility_id.map(tonight).fillna(later.limit_cents).astype("int64")
    careful = later.facility_id.map(own).isin({own[row["facility_id"]] for row in done})
    later.loc[careful, "days_past_due"] = 0
    later.loc[careful, "payment_made_cents"] = later[["payment_made_cents", "payment_due_cents"]].max(axis=1)

    for row in done:
        owed = max(drawn[row["facility_id"]], 0)
        for month_end in pd.to_datetime(later[later.facility_id == row["facility_id"]].month):
            if row["amount_cents"] > 0 and month_end + pd.offsets.MonthEnd(0) >= told.first_end:
                paid = min(row["amount_cents"], owed)
                owed -= paid
                of_line = later.facility_id == row["facility_id"]
                since = pd.to_datetime(later.month) >= month_end
                later.loc[of_line & since, "closing_balance_cents"] -= int(paid)
                later.loc[of_line & (pd.to_datetime(later.month) == month_end), "payment_made_cents"] += int(
                    paid
                )
                facility.loc[facility.facility_id == row["facility_id"], "drawn_cents"] -= int(paid)
        if "prove_income" in row["code"] and told.first_end.date() <= day:
            is_borrower = borrower.borrower_id == own[row["facility_id"]]
            borrower.loc[is_borrower, "income_kind"] = "verified"
            borrower.loc[is_borrower, "income_verified_on"] = told.first_end.date()

    published = facility.facility_id.map(standing(home))
    changed = published.notna() & (published != facility.credit_limit_cents)
    facility.loc[changed, "credit_limit_cents"] = published[changed].astype("int64")
    facility.loc[changed, "last_change_by"] = "lender"
    tables["facility_month"] = pd.concat([month, later], ignore_index=True)
    for name in ("spending_month", "trade_month"):
        if name in tables and months:
            more = closed(tables[name], "borrower_id", told.as_of, months)
            tables[name] = pd.concat([tables[name], more], ignore_index=True)
    bureau = tables["bureau_report"]
    newest = bureau.sort_values("pulled_on").groupby("borrower_id", as_index=False).last()
    newest["pulled_on"] = newest.pulled_on + (day - told.as_of)
    tables["bureau_report"] = pd.concat([bureau, newest], ignore_index=True)
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        rows.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def limits_at_their_days(told: Told, done: list[Row], place: Path) -> dict[str, int]:
    """What each line's limit is, or would be with consent, on the night that its advice is about."""
    shutil.copytree(told.home, place / "home")
    found: dict[str, int] = {}
    last = max(row["counts_on"] for row in done)
    day = told.as_of
    while day < last:
        day = (pd.Timestamp(day) + pd.DateOffset(months=1)).date()
        source = source_of(told, place / "home", day, done, place / "source" / day.isoformat())
        receipt = run_night(source, day, place / "home", documents=told.documents, promises=False)
        decisions = of(place / "home" / "batches" / receipt.batch, "decisions").set_index("facility_id")
        for row in done:
            if row["counts_on"] == day:
                line = decisions.loc[row["facility_id"]]
                found[row["facility_id"]] = int(line.proposed_limit_cents)
    return found


def test_all_advice_leads_to_the_limit_that_it_names(told: Told, tmp_path: Path) -> None:
    advised = rounds(told)
    assert sum(map(len, advised)) >= 5, "too little is advised to show anything"
    for number, done in enumerate(advised):
        found = limits_at_their_days(told, done, tmp_path / str(number))
        for row in done:
            assert found[row["facility_id"]] == row["limit_cents"], row


def less(told: Told, row: Row) -> Row:
    """The same with one step less: a part less paid, no proof sent."""
    drawn = told.tables["facility"].set_index("facility_id").drawn_cents[row["facility_id"]]
    segment = told.decisions.set_index("facility_id").segment[row["facility_id"]]
    unit = next(
        each.stability.rounding_cents for each in told.documents.policy.segment if each.name == segment
    )
    parts = told.documents.policy.advice.parts
    steps = sorted({min(-(-drawn * step // (parts * unit)) * unit, drawn) for step in range(parts + 1)})
    if row["amount_cents"]:
        return {**row, "amount_cents": steps[steps.index(row["amount_cents"]) - 1]}
    return {**row, "code": "on_time"}


def test_one_step_less_does_not_do_it(told: Told, tmp_path: Path) -> None:
    for number, done in enumerate(rounds(told)):
        short = [less(told, row) for row in done if row["code"] != "on_time"]
        found = limits_at_their_days(told, short, tmp_path / str(number)) if short else {}
        for row in short:
            assert found[row["facility_id"]] != row["limit_cents"], row


def test_every_line_that_is_told_of_a_cut_is_told_what_would_help_or_that_nothing_would(told: Told) -> None:
    borrower = told.tables["borrower"].set_index("borrower_id")
    cut = told.decisions[
        (told.decisions.action == "decrease")
        & (told.decisions.committed_limit_cents < told.decisions.limit_cents)
    ]
    honest = ~cut.borrower_id.map(borrower.fraud_flag).isin(["suspected", "first_party", "victim"])
    assert set(told.advice.facility_id) == set(cut[honest].facility_id)
    late = told.decisions.groupby("borrower_id").days_past_due.max()
    for row in told.advice.to_dict("records"):
        owner = told.decisions.set_index("facility_id").borrower_id[row["facility_id"]]
        assert (row["code"] == "support") == (
            late[owner] > 0
            or (borrower.hardship_on[owner] is not None and borrower.hardship_on[owner] <= told.as_of)
        )
        assert (row["limit_cents"] > 0) == (row["standing"] == "indication")
