"""Ninety nights after promises were made, with documents that change in between: each ends as it must."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from ledger import standing_ledger
from linewatch.documents import Documents, load_documents
from linewatch.drafts import with_drafts
from tasks.borrower_view import borrower_view
from tasks.demo import REFERENCE_ON
from tasks.verify_log import verify_home
from tests.flows.later_source import Row, Told, generous, of, source_of, told_night
from tests.whole_night import run_night

NIGHTS = 92
STRICTER_ON = date(2026, 12, 25)
LAW_ON = date(2027, 2, 1)
MOST_CENTS = 1_200_000
PACK = f"""
id = "cn"
version = "a-cap"
effective_from = {LAW_ON}

[[record]]
id = "a-cap-of-the-test"
type = "cap"
effective_from = {LAW_ON}
borrower_type = "consumer"
measure = "borrower_limit_cents"
value = {MOST_CENTS}
currency = "CNY"
citation = "none"
checked = false
because = "To see promises barred."
"""

Frames = dict[str, pd.DataFrame]


def late(tables: Frames, row: Row, day: date) -> None:
    if day == date(2026, 12, 10):
        is_line = tables["facility"].facility_id == row["facility_id"]
        tables["facility"].loc[is_line, ["days_past_due", "past_due_cents"]] = [5, 1000]


def late_elsewhere(tables: Frames, row: Row, day: date) -> None:
    report(tables, row, day, worst_dpd_now=60)


def on_record(tables: Frames, row: Row, day: date) -> None:
    report(tables, row, day, public_record_count=9)


def report(tables: Frames, row: Row, day: date, **says: int) -> None:
    if day >= date(2026, 12, 5):
        bureau = tables["bureau_report"]
        own = bureau[bureau.borrower_id == row["borrower_id"]].sort_values("pulled_on").index[-1]
        for name, value in {**says, "pulled_on": day}.items():
            bureau.loc[own, name] = value


def defraud(tables: Frames, row: Row, day: date) -> None:
    if day >= date(2026, 12, 5):
        borrower = tables["borrower"]
        borrower.loc[borrower.borrower_id == row["borrower_id"], "fraud_flag"] = "suspected"


def fail(tables: Frames, row: Row, day: date) -> None:
    if day >= date(2026, 12, 20):
        told = {"borrower_id": row["borrower_id"], "kind": "bankruptcy", "valid_from": date(2026, 12, 20)}
        tables["treatment"] = pd.concat([tables["treatment"], pd.DataFrame([told])], ignore_index=True)


def earn_nothing(tables: Frames, row: Row, day: date) -> None:
    if day >= date(2026, 12, 28):
        borrower = tables["borrower"]
        is_own = borrower.borrower_id == row["borrower_id"]
        borrower.loc[is_own, ["net_monthly_income_cents", "annual_income_cents"]] = [100, 1200]
        borrower.loc[is_own, "income_kind"] = "verified"
        borrower.loc[is_own, "income_verified_on"] = date(2026, 12, 27)


def go_missing(tables: Frames, row: Row, day: date) -> None:
    if day < date(2027, 2, 5):
        month = tables["facility_month"]
        gone = (month.facility_id == row["facility_id"]) & (pd.to_datetime(month.month) >= "2026-11-01")
        tables["facility_month"] = month[~gone].reset_index(drop=True)


def pay_nothing(tables: Frames, row: Row, day: date) -> None:
    """What is due, and nothing more."""
    month = tables["facility_month"]
    own = (month.facility_id == row["facility_id"]) & (pd.to_datetime(month.month) >= "2026-11-01")
    month.loc[own, "payment_made_cents"] = month.loc[own, "payment_due_cents"]


def do_it(tables: Frames, row: Row, day: date) -> None:
    """What was asked is done, and nothing else happens."""


Fate = tuple[Callable[[Frames, Row, date], None], str, str]
FATES: tuple[Fate, ...] = (
    (late, "broken", "late"),
    (late_elsewhere, "broken", "late_elsewhere"),
    (defraud, "broken", "fraud"),
    (on_record, "broken", "public_record"),
    (fail, "broken", "bankruptcy"),
)


@dataclass(frozen=True)
class Ended:
    """How every promise stood after every night on which it did."""

    told: Told
    home: Path
    made: pd.DataFrame
    fates: dict[str, Fate]
    seen: pd.DataFrame

    @property
    def last(self) -> pd.DataFrame:
        return self.seen.sort_values("night").groupby("promise_id").last()


def documents_of(day: date) -> Documents:
    """Generous at first; then the shipped matrix, under which advice alone would come to nothing; then a cap
    of law on top.
    """
    if day < STRICTER_ON:
        return generous(REFERENCE_ON)
    shipped = load_documents(day)
    stricter = replace(shipped, policy=shipped.policy.model_copy(update={"guard": (), "advice": None}))
    return stricter if day < LAW_ON else with_cap(stricter, day)


def with_cap(documents: Documents, day: date) -> Documents:
    texts = [(source.kind, source.text) for source in documents.sources]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cn.toml"
        path.write_text(PACK, encoding="utf-8")
        capped = with_drafts(texts, {"regulation": [path]}, day, Path(folder) / "documents")
    return replace(capped, policy=documents.policy)


def fates_of(made: pd.DataFrame, told: Told) -> dict[str, Fate]:
    """A fate for each promise: one of each kind for those that are due first, the rest is done as asked. One
    whose borrower was already as bad before would tell nothing; those of one borrower share a fate.
    """
    fates: dict[str, Fate] = {}
    left = list(FATES)
    seen: set[str] = set()
    early = made[made.due_on <= date(2027, 1, 21)].sort_values(["due_on", "facility_id"])
    newest = told.tables["bureau_report"].sort_values("pulled_on").groupby("borrower_id").last()
    good = (newest.worst_dpd_now < 30) & (newest.public_record_count == 0) & ~newest.disputed.fillna(False)
    clean = set(newest[good].index)
    for row in early.to_dict("records"):
        alone = (made.borrower_id == row["borrower_id"]).sum() == 1 and row["borrower_id"] in clean
        if left and alone and row["code"] == "on_time":
            fates[row["promise_id"]] = left.pop(0)
        elif "missing" not in seen and row["due_on"] > STRICTER_ON and row["limit_cents"] < MOST_CENTS:
            fates[row["promise_id"]] = (go_missing, "kept", "set")
            seen.add("missing")
        elif row["code"] == "pay_down_on_time" and "pay" not in seen:
            fates[row["promise_id"]] = (pay_nothing, "broken", "not_paid")
            seen.add("pay")
        elif alone and not left and "income" not in seen and row["due_on"] > date(2026, 12, 28):
            fates[row["promise_id"]] = (earn_nothing, "broken", "affordability")
            seen.add("income")
        else:
            fates[row["promise_id"]] = (do_it, "kept", "set")
    lines = told.decisions
    for row in made[made.due_on > date(2027, 1, 21)].to_dict("records"):
        others = lines[(lines.borrower_id == row["borrower_id"]) & (lines.facility_id != row["facility_id"])]
        barred = row["limit_cents"] + others.committed_limit_cents.sum() > MOST_CENTS
        fates[row["promise_id"]] = (do_it, "barred", "regulation") if barred else (do_it, "kept", "set")
    return fates


def some_nights(made: pd.DataFrame) -> set[int]:
    """Nights after the first: those on which something happens or is due."""
    days = [date(2026, 12, 5), date(2026, 12, 10), date(2026, 12, 20), date(2026, 12, 25), date(2026, 12, 28)]
    days += [LAW_ON, *made.due_on]
    return {(day - REFERENCE_ON).days for day in days}


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.torture)])
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """With every one of the ninety nights, and with those alone on which anything can be seen."""
    place = tmp_path_factory.mktemp("promised")
    told = told_night(place, 900, generous(REFERENCE_ON, budget_cents=10**13))
    (batch,) = (told.home / "batches").iterdir()
    made = of(batch, "promises")
    fates = fates_of(made, told)
    done = [
        {**row, "by_on": row["due_on"]}
        for row in made.to_dict("records")
        if fates[row["promise_id"]][0] is not pay_nothing
    ]
    idle = [{**row, "amount_cents": 0} for row in made.to_dict("records") if row not in done]
    seen = []
    nights = some_nights(made) if request.param == "some" else set(range(1, NIGHTS + 1))
    for number in sorted(nights):
        day = told.as_of + timedelta(days=number)
        befall = partial(live, made=made, fates=fates, day=day)
        source = source_of(told, told.home, day, done + idle, place / "source" / day.isoformat(), befall)
        receipt = run_night(source, day, told.home, documents=documents_of(day), promises=False)
        shutil.rmtree(source)
        folder = told.home / "batches" / receipt.batch
        if list(folder.glob("promises-*")):
            seen.append(of(folder, "promises").assign(night=day))
    return Ended(told, told.home, made, fates, pd.concat(seen, ignore_index=True))


def live(tables: Frames, made: pd.DataFrame, fates: dict[str, Fate], day: date) -> None:
    for row in made.to_dict("records"):
        fates[row["promise_id"]][0](tables, row, day)


def test_every_promise_ends_as_it_must(ended: Ended) -> None:
    last = ended.last
    assert set(last.index) == set(ended.made.promise_id)
    for promise, (befell, state, because) in ended.fates.items():
        found = (last.state[promise], last.because[promise].replace("offered", "set"))
        assert found == (state, because), (befell.__name__, last.loc[promise])
    reached = {fate[1:] for fate in ended.fates.values()}
    assert {state for state, _ in reached} == {"kept", "broken", "barred"}
    assert len(reached) >= 8


def test_what_would_tell_being_late_puts_a_promise_off_and_does_not_break_it(ended: Ended) -> None:
    (promise,) = (each for each, fate in ended.fates.items() if fate[0] is go_missing)
    of_it = ended.seen[ended.seen.promise_id == promise].sort_values("night")
    put_off = of_it[of_it.state == "extended"]
    assert list(put_off.because.unique()) == ["missing"]
    assert of_it.state.iloc[-1] == "kept"
    assert (
        of_it.night.iloc[-1] >= put_off.due_on.iloc[-1] > ended.made.set_index("promise_id").due_on[promise]
    )


def test_a_promise_ends_once_and_is_kept_on_the_first_review_that_it_is_due(ended: Ended) -> None:
    made = ended.made.set_index("promise_id")
    for promise, of_it in ended.seen.groupby("promise_id"):
        states = list(of_it.sort_values("night").state)
        assert all(state in ("live", "extended") for state in states[:-1])
        if ended.fates[promise][0] is do_it and states[-1] == "kept":
            assert of_it.night.max() == made.due_on[promise]


def test_what_is_kept_is_in_force_and_what_is_not_is_not(ended: Ended) -> None:
    last = ended.last
    for promise, row in last.iterrows():
        (folder,) = (ended.home / "batches").glob(f"{row.night}-night-*")
        line = of(folder, "decisions").set_index("facility_id").loc[row.facility_id]
        if row.because == "offered":
            assert line.action == "offer"
            assert line.proposed_limit_cents >= row.limit_cents
        elif row.state == "kept":
            assert line.committed_limit_cents >= row.limit_cents
        else:
            assert line.committed_limit_cents < row.limit_cents, promise


def test_the_record_has_every_promise_as_it_was_made(ended: Ended) -> None:
    held = standing_ledger(ended.home).promises()
    assert {row["promise_id"] for row in held} == set(ended.made.promise_id)
    made = ended.made.set_index("promise_id")
    for row in held:
        told = json.loads(row["content"])
        assert told["limit_cents"] == row["amount_cents"] == made.limit_cents[row["promise_id"]]
        assert told["code"] == made.code[row["promise_id"]]


def test_whoever_calls_is_told_what_is_promised(ended: Ended) -> None:
    for row in ended.made.head(5).to_dict("records"):
        view = borrower_view(ended.home, row["borrower_id"], ended.told.as_of, "en")
        told = {each["facility_id"]: each for each in view.content["promises"]}
        said = told[row["facility_id"]]
        assert said["due_on"] == row["due_on"].isoformat()
        assert f"{row['limit_cents'] // 100:,}.{row['limit_cents'] % 100:02}" in said["text"]
        after = borrower_view(ended.home, row["borrower_id"], None, "en")
        assert not after.content["promises"]


def test_the_log_holds_with_promises_in_the_record(ended: Ended) -> None:
    assert verify_home(ended.home, (), (), lambda line: None).faults == ()
