"""Approving and discarding: the held bytes are committed as they lie, by somebody who may, on the record."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

import sql.engine as sql
from ledger import open_ledger
from linewatch.errors import DataRefused, NotFound
from linewatch.night import Night
from linewatch.receipt import Receipt
from tasks.approve import approve, discard
from tasks.commit import commit_night
from tasks.sweep import close
from tests.tasks.record_fixture import AS_OF, RECORDED_AT, decided, documents, small_folder
from tests.tasks.record_fixture import night as a_night

REGISTER = """
id = 'lender'
[[people]]
id = 'wu'
roles = ['approver', 'reviewer']
amount_limit_cents = 0
[[people]]
id = 'li'
roles = ['reviewer']
amount_limit_cents = 0
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterable[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    commit_night(made, ("too many decreases",))
    close(made)
    yield made
    sql.close_engine(made.scratch)


def say(
    night: Night, verb: Callable[..., Receipt] = approve, by: str = "wu", because: str = "Checked by hand."
) -> Receipt:
    return verb(night.home, AS_OF, by=by, because=because, recorded_at=RECORDED_AT)


def test_an_approved_night_is_the_night_that_was_held(held: Night) -> None:
    ledger = open_ledger(held.home)
    waiting = ledger.held()
    receipt = say(held)
    newest = ledger.newest()
    assert waiting is not None
    assert newest is not None
    assert (newest.root, newest.files) == (waiting.root, waiting.files)
    assert receipt.status == "committed"
    assert len(ledger.open_cases()) == 2
    assert [due.changes for due in ledger.pending()] == [10]
    (record,) = ledger.approvals(newest)
    assert (record.by, record.because, record.registered) == ("wu", "Checked by hand.", False)


def test_a_discarded_night_frees_its_as_of(held: Night) -> None:
    assert say(held, discard).status == "discarded"
    decided(held)
    assert commit_night(held).status == "committed"
    with pytest.raises(NotFound, match="is not held"):
        say(held, discard)


def test_a_held_file_that_was_altered_is_not_committed(held: Night) -> None:
    waiting = open_ledger(held.home).held()
    assert waiting is not None
    path = waiting.path(held.home, "changes")
    assert path is not None
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(DataRefused, match="held file changes is not what was stored on 2026-11-22"):
        say(held)
    assert open_ledger(held.home).held() == waiting


def test_who_decides_and_why_must_be_said(held: Night) -> None:
    with pytest.raises(DataRefused, match="--by and --because must say something"):
        say(held, by=" ", because="")


def test_where_people_are_registered_only_an_approver_may(tmp_path: Path) -> None:
    house = documents(REGISTER)
    profile = replace(house.sources[0], kind="profile")
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    made = replace(made, documents=replace(house, sources=(profile,)))
    decided(made)
    commit_night(made, ("guard",))
    close(made)
    for name in ("li", "nobody"):
        with pytest.raises(DataRefused, match=f"'{name}' may not approve or discard.*wu as approver"):
            say(made, by=name)
    say(made, by="wu")
    newest = open_ledger(made.home).newest()
    assert newest is not None
    assert open_ledger(made.home).approvals(newest)[0].registered
