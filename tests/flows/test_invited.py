"""Nights that invite: once, in the reader's language, and nobody who is looked at for fraud or left alone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from flows import replay
from flows.nightly import correct
from linewatch.case import due_on
from linewatch.documents import SHIPPED, Documents, load_documents
from linewatch.night import Night
from sql.engine import close_engine, open_engine
from tasks import revise as revising
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import write_demo
from tasks.draft import draft
from tasks.features import features
from tasks.letters.look import sought
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tests.flows.later_source import of
from tests.whole_night import RECORDED_AT, accept, run_night
from verify.home import check

AS_OF = date(2026, 11, 21)
NEXT = AS_OF + timedelta(days=1)
CODE = 'code = "affordability_unverified"\n'
LOTS = ("suspected", "deceased", "other", "other", "other")


@dataclass(frozen=True)
class Invited:
    home: Path
    first: Path
    second: Path
    source: Path
    lot: dict[str, str]
    """What is held of each borrower."""


def documents(place: Path, *, invites: bool) -> Documents:
    """The shipped documents without guards that hold; income that nobody verified invites to a talk."""
    text = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    assert CODE in text
    head, _, tail = text.partition("[[guard]]")
    said = f'{CODE}invites = "interview"\n'
    text = head.replace(CODE, said) if invites else head.replace("invites", "# invites")
    path = place / f"policy-{invites}.toml"
    path.write_text(f"{text}[[guard]]{tail}".replace("\nmost = ", "\nmost = 1000"), encoding="utf-8")
    return load_documents(AS_OF, policy=path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Invited:
    place = tmp_path_factory.mktemp("invited")
    source, lot = lender(place)
    home = place / "home"
    given = documents(place, invites=True)
    first, second = (
        home / "batches" / run_night(source, day, home, documents=given, promises=False).batch
        for day in (AS_OF, NEXT)
    )
    return Invited(home, first, second, source, lot)


def lender(place: Path) -> tuple[Path, dict[str, str]]:
    (night,) = write_demo(place / "lender", borrowers=600, seed=3, last_as_of=AS_OF)
    path = night.folder / "borrower.parquet"
    borrower = pd.read_parquet(path)
    lots = [LOTS[number % len(LOTS)] for number in range(len(borrower))]
    lot = dict(zip(borrower.borrower_id, lots, strict=True))
    of_lot = borrower.borrower_id.map(lot)
    borrower.loc[of_lot == "suspected", "fraud_flag"] = "suspected"
    borrower.loc[of_lot == "other", "fraud_flag"] = "none"
    borrower.loc[of_lot == "deceased", "deceased_on"] = date(2026, 11, 1)
    borrower["language"] = [("zh", "en", None)[number % 3] for number in range(len(borrower))]
    borrower.to_parquet(path, index=False)
    return night.folder, lot


def invitations(batch: Path) -> pd.DataFrame:
    drafts = of(batch, "drafts")
    return drafts[drafts.kind == "invitation"].set_index("borrower_id")


def test_whoever_gets_a_case_because_of_it_is_invited_and_nobody_else(made: Invited) -> None:
    rows = of(made.first, "decisions")
    asked = rows[rows.triggers.map(lambda codes: "affordability_unverified" in codes)]
    others = set(rows[rows.triggers.map(lambda codes: "shared_device" in codes)].borrower_id)
    due = {owner for owner in asked.borrower_id if made.lot[owner] == "other"} - others
    found = invitations(made.first)
    assert len(found) >= 5
    assert due <= set(found.index)
    assert {made.lot[owner] for owner in found.index} == {"other"}
    assert {made.lot[owner] for owner in rows[rows.route == "referred"].borrower_id} >= {"suspected", "other"}


def test_it_is_in_the_readers_language_and_its_day_is_that_of_the_case(made: Invited) -> None:
    borrower = pd.read_parquet(made.source / "borrower.parquet").set_index("borrower_id")
    country = load_documents(AS_OF).profile.languages
    cases = of(made.first, "cases").set_index("borrower_id")
    day = due_on(AS_OF, "interview", "CN")
    for owner, letter in invitations(made.first).iterrows():
        row = borrower.loc[owner]
        assert letter.language == (
            row.language if isinstance(row.language, str) else country.get(row.jurisdiction, "en")
        )
        assert (cases.kind[owner], cases.due_on[owner]) == ("interview", day)
        label = "Please answer by: " if letter.language == "en" else "请最迟在此日答复："
        (said,) = (line for line in letter.body.split("\n") if line.startswith(label))
        assert str(day.day) in said
        assert len(letter.reason_codes) == 0


def test_the_next_night_invites_nobody_again(made: Invited) -> None:
    assert of(made.second, "cases").joined_open.any()
    assert not set(invitations(made.second).index) & set(invitations(made.first).index)


def test_the_decisions_and_all_other_letters_are_as_they_were_without(made: Invited, tmp_path: Path) -> None:
    source, _ = lender(tmp_path)
    given = documents(tmp_path, invites=False)
    assert all(trigger.invites is None for trigger in given.policy.trigger)
    receipt = run_night(source, AS_OF, tmp_path / "home", documents=given, promises=False)
    other = tmp_path / "home" / "batches" / receipt.batch
    assert other.name == made.first.name
    drafts = of(made.first, "drafts")
    assert drafts[drafts.kind != "invitation"].reset_index(drop=True).equals(of(other, "drafts"))


def test_it_is_shown_and_the_nights_come_to_their_roots_again(made: Invited) -> None:
    letter = invitations(made.first).iloc[0]
    shown = sought(made.home, letter.facility_id, AS_OF)
    assert "invitation" in {each.letter.kind for each in shown}
    assert {each.letter.change_id for each in shown if each.letter.kind == "invitation"} == {None}
    assert [each.status for each in replay.all_of(made.home, None, None)] == ["same"] * 2
    assert check(made.home).faults == ()


def test_a_revision_invites_nobody_whom_the_night_invited(made: Invited, tmp_path: Path) -> None:
    """Also where the mended rows have another line of theirs, which comes before the one told of."""
    given = documents(tmp_path, invites=True)
    home, source = tmp_path / "home", Path(shutil.copytree(made.source, tmp_path / "source"))
    first = home / "batches" / run_night(source, AS_OF, home, documents=given, promises=False).batch
    told = invitations(first)
    for name in ("facility", "facility_month"):
        rows = pd.read_parquet(source / f"{name}.parquet")
        more = rows[rows.facility_id.isin(told.facility_id)]
        more = more.assign(facility_id=more.facility_id.str[:-1] + "0")
        pd.concat([rows, more], ignore_index=True).to_parquet(source / f"{name}.parquet", index=False)
    again = revise(source, home, given)
    route = of(again, "decisions").set_index("facility_id").route
    assert "referred" in {route[line] for line in told.facility_id.str[:-1] + "0"}
    assert not set(invitations(again).index) & set(told.index)


def revise(source: Path, home: Path, given: Documents) -> Path:
    night = Night(AS_OF, home, str(source), given, RECORDED_AT, threads=1, revise=True)
    open_engine(night.scratch, threads=1)
    try:
        pull.fn(night)
        accept(night)
        assert revising.begin(night)
        for step in (features, rescore, decide, draft):
            step.fn(night)
        correct(night)
        refer.fn(night)
        revising.open_anew(night)
        return home / "batches" / commit.fn(night, ()).batch
    finally:
        close_engine(night.scratch)
