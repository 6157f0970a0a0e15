"""The rows of a lender on a later day, everything as it was but what some borrowers did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from linewatch.advice import AdviceTerms, PromiseTerms
from linewatch.documents import Documents, load_documents
from linewatch.scorecard import Characteristic
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


HELPS = ("indication", "no_further")
"""How advice stands where something helps and nothing is promised."""


def told_night(place: Path, borrowers: int, documents: Documents) -> Told:
    """A first night of a made-up lender, advised on under some documents."""
    (night,) = write_demo(place / "lender", borrowers=borrowers, seed=5)
    facility = pd.read_parquet(night.folder / "facility.parquet")
    facility["statement_day"] = (
        night.as_of.day
    )  # as on any night but a first: who is reviewed had a statement
    facility.to_parquet(night.folder / "facility.parquet", index=False)
    receipt = run_night(
        night.folder, night.as_of, place / "home", documents=documents, advice=True, promises=False
    )
    batch = place / "home" / "batches" / receipt.batch
    tables = {path.stem: pd.read_parquet(path) for path in sorted(night.folder.glob("*.parquet"))}
    return Told(place / "home", night.as_of, tables, of(batch, "decisions"), of(batch, "advice"), documents)


def unguarded(as_of: date) -> Documents:
    """The shipped documents, without the guards that would hold a night."""
    shipped = load_documents(as_of)
    return replace(shipped, policy=shipped.policy.model_copy(update={"guard": ()}))


def generous(as_of: date, budget_cents: int | None = None) -> Documents:
    """The shipped documents without guards, and of a policy under which much comes back soon: cells that
    raise the better half of borrowers, short cool-offs, a better grade at once.
    """
    shipped = load_documents(as_of)
    policy = shipped.policy
    up = {"low": 12000, "mid": 12000, "high": 12000, "full": 12000}
    changed = {
        "guard": (),
        "strategy": tuple(
            row.model_copy(update={"target_bp": {**row.target_bp, **up}})
            if row.segment.startswith("consumer") and row.grade in ("A", "B", "C", "D")
            else row
            for row in policy.strategy
        ),
        "hysteresis": policy.hysteresis.model_copy(update={"reviews_to_improve": 1}),
        "segment": tuple(
            each.model_copy(update={"stability": each.stability.model_copy(update={"cool_off_up_months": 1})})
            for each in policy.segment
        ),
        "advice": AdviceTerms(months=3, least_days=7, parts=20, income_share_bp=3000, because="A test."),
    }
    if budget_cents is not None:
        segments = tuple(each.name for each in policy.segment)
        changed["promise"] = PromiseTerms(budget_cents=budget_cents, segments=segments, because="A test.")
    return replace(shipped, policy=policy.model_copy(update=changed))


def staging(documents: Documents) -> Documents:
    """The same, of a policy that takes cuts in small stages where a full step would lower the grade, and of a
    card by which it often would: the size of the line counts ten times as much.
    """
    policy, cards = documents.policy, dict(documents.scorecards)
    steps = {"down_review_bp": 5000, "down_grade_fall_bp": 600}
    segments = tuple(
        each.model_copy(update={"stability": each.stability.model_copy(update=steps)})
        for each in policy.segment
    )
    card = cards[policy.scorecards["consumer"]]
    cards[card.id] = card.model_copy(
        update={
            "characteristic": tuple(
                _tenfold(each) if each.name == "line_size_usd" else each for each in card.characteristic
            )
        }
    )
    changed = policy.model_copy(update={"segment": segments})
    return replace(documents, policy=changed, scorecards=cards)


def _tenfold(item: Characteristic) -> Characteristic:
    bins = tuple(each.model_copy(update={"points": each.points * 10}) for each in item.attribute)
    return item.model_copy(update={"attribute": bins})


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


def of(batch: Path, name: str) -> pd.DataFrame:
    (path,) = batch.glob(f"{name}-*.parquet")
    return pd.read_parquet(path)


def months_until(as_of: date, day: date) -> list[pd.Timestamp]:
    """The months that close after one day and up to another."""
    first = (pd.Timestamp(as_of) + timedelta(days=1)).to_period("M")
    return [month.to_timestamp() for month in pd.period_range(first, day + timedelta(days=1), freq="M")[:-1]]


def closed(rows: pd.DataFrame, key: str, as_of: date, months: list[pd.Timestamp]) -> pd.DataFrame:
    """A row like the last closed one of each, for every month that closes."""
    past = rows[pd.to_datetime(rows.month) + pd.offsets.MonthEnd(0) <= pd.Timestamp(as_of)]
    last = past.sort_values("month").groupby(key, as_index=False).last()
    return pd.concat([last.assign(month=month.date()) for month in months], ignore_index=True)


def effective(home: Path) -> pd.Series:
    """The day on which the limit that the home published last took effect, by line, as a system shows it."""
    files = sorted((home / "batches").glob("*-night-*/changes-*.parquet"))
    changes = pd.concat([pd.read_parquet(path) for path in files]).sort_values(["as_of", "facility_id"])
    moved = changes[changes.old_limit_cents != changes.new_limit_cents]
    return moved.groupby("facility_id").effective_on.last()


def standing(home: Path) -> pd.Series:
    """The limit that the home published last, by line."""
    files = sorted((home / "batches").glob("*-night-*/changes-*.parquet"))
    changes = pd.concat([pd.read_parquet(path) for path in files]).sort_values(["as_of", "facility_id"])
    return changes.groupby("facility_id").new_limit_cents.last()


def source_of(
    told: Told,
    home: Path,
    day: date,
    done: list[Row],
    folder: Path,
    also: Callable[[dict[str, pd.DataFrame]], None] = lambda _: None,
) -> Path:
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
    facility.loc[changed, "last_limit_change_on"] = facility.facility_id.map(effective(home))[changed]
    tables["facility_month"] = pd.concat([month, later], ignore_index=True)
    for name in ("spending_month", "trade_month"):
        if name in tables and months:
            more = closed(tables[name], "borrower_id", told.as_of, months)
            tables[name] = pd.concat([tables[name], more], ignore_index=True)
    bureau = tables["bureau_report"]
    newest = bureau.sort_values("pulled_on").groupby("borrower_id", as_index=False).last()
    newest["pulled_on"] = newest.pulled_on + (day - told.as_of)
    tables["bureau_report"] = pd.concat([bureau, newest], ignore_index=True)
    also(tables)
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        rows.to_parquet(folder / f"{name}.parquet", index=False)
    return folder
