"""Approving and discarding: the held bytes are committed as they lie, by somebody who may, on the record."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from ledger import open_ledger
from linewatch.errors import DataRefused, NotFound
from linewatch.night import Night
from linewatch.receipt import Receipt
from tasks.approve import approve, discard, protect
from tasks.commit import commit_night
from tasks.decide import load_past
from tasks.sweep import close
from tests.tasks.record_fixture import AS_OF, RECORDED_AT, decided, documents, small_folder
from tests.tasks.record_fixture import night as a_night

REGISTER = """
id = 'lender'
[[people]]
id = 'wu'
roles = ['approver', 'reviewer']
amount_limit_cents = 200_000
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
    assert len(list(ledger.cases.open())) == 2
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


def test_the_blocks_of_a_held_night_are_committed_alone_and_the_rest_is_discarded(held: Night) -> None:
    receipt = say(held, protect)
    ledger = open_ledger(held.home)
    blocked = ["F0000003", "F0000013", "F0000023", "F0000033"]
    changes = pq.read_table(receipt.paths["changes"]).to_pylist()
    assert [(row["facility_id"], row["blocked"]) for row in changes] == [(name, True) for name in blocked]
    assert all(row["old_limit_cents"] == row["new_limit_cents"] for row in changes)
    assert {row["batch"] for row in changes} == {receipt.batch}
    assert [(batch.kind, batch.state) for batch in ledger.batches()] == [
        ("night", "discarded"),
        ("protective", "committed"),
    ]
    assert (ledger.held(), ledger.newest(), list(ledger.cases.open())) == (None, None, [])
    assert [due.changes for due in ledger.pending()] == [4]
    assert [who.action for batch in ledger.batches() for who in ledger.approvals(batch)] == ["protective"] * 2


def test_a_block_that_waits_for_people_is_left_out_as_no_case_is_opened(tmp_path: Path) -> None:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    with sql.cursor(made.scratch) as db:
        db.raw.execute("update decisions set review_block = 'income' where facility_id <> 'F0000013'")
    commit_night(made, ("too many decreases",))
    close(made)
    changes = pq.read_table(say(made, protect).paths["changes"]).to_pylist()
    assert [row["facility_id"] for row in changes] == ["F0000013"]
    assert list(open_ledger(made.home).cases.open()) == []


def test_a_line_blocked_out_of_a_held_night_is_blocked_by_us_when_its_day_is_run_again(held: Night) -> None:
    say(held, protect)
    decided(held)
    load_past(held)
    with sql.cursor(held.scratch) as db:
        rows = db.raw.sql("from past_decision order by facility_id").to_arrow_table().to_pylist()
    assert [row["facility_id"] for row in rows] == ["F0000003", "F0000013", "F0000023", "F0000033"]
    assert {row["own_block"] for row in rows} == {True}
    assert [row["committed_limit_cents"] for row in rows] == [1_000_300, 1_001_300, 1_002_300, 1_003_300]
    assert {row["reviewed_on"] for row in rows} == {None}
    assert commit_night(held).status == "committed"
    assert open_ledger(held.home).history().states == ()


def test_a_night_that_blocks_nobody_has_nothing_to_protect(tmp_path: Path) -> None:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made, lines=2)
    commit_night(made, ("guard",))
    close(made)
    with pytest.raises(DataRefused, match="would block no line"):
        say(made, protect)
    assert open_ledger(made.home).held() is not None


def with_papers(made: Night, profile: str = "", policy: str = "id = 'house'") -> Night:
    """The night as decided under these documents."""
    house = documents(policy)
    lender = replace(documents(profile).sources[0], kind="profile")
    return replace(made, documents=replace(house, sources=(*house.sources, *([lender] if profile else ()))))


@pytest.fixture
def strict(tmp_path: Path) -> Iterable[Night]:
    """A night held by a guard that asks for two people."""
    policy = "id = 'house'\n[[guard]]\nguard = 'frozen_share_bp'\ntwo_people = true\n"
    made = with_papers(a_night(tmp_path / "home", small_folder(tmp_path / "source")), policy=policy)
    decided(made)
    with sql.cursor(made.scratch) as db:
        tripped = {"limit_value": 1, "tripped": True, "because": "Few lines are blocked on a good night."}
        db.replace("guards", [{"guard": "frozen_share_bp", "value": 1000, **tripped}])
    commit_night(made, ("frozen_share_bp is 1000, most 1",))
    close(made)
    yield made
    sql.close_engine(made.scratch)


def test_where_a_guard_asks_for_two_people_one_alone_lets_nothing_through(strict: Night) -> None:
    assert say(strict, by="wu").status == "held"
    with pytest.raises(DataRefused, match=r"'WU ' has agreed already.*frozen_share_bp"):
        say(strict, by="WU ")
    assert say(strict, by="li", because="I looked too.").status == "committed"
    newest = open_ledger(strict.home).newest()
    assert newest is not None
    signed = [(who.action, who.by) for who in open_ledger(strict.home).approvals(newest)]
    assert signed == [("agree", "wu"), ("approve", "li")]


def test_nobody_lets_through_a_night_that_moves_more_than_they_may_decide_on(tmp_path: Path) -> None:
    """The night lowers two lines by 1,000.00 each."""
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    made = with_papers(made, REGISTER.replace("200_000", "199_999"))
    decided(made)
    commit_night(made, ("guard",))
    close(made)
    with pytest.raises(DataRefused, match="'wu' may decide on 199,999 cents; this moves limits by 200,000"):
        say(made)
    assert say(made, discard).status == "discarded"


def test_where_people_are_registered_only_an_approver_may(tmp_path: Path) -> None:
    made = with_papers(a_night(tmp_path / "home", small_folder(tmp_path / "source")), REGISTER)
    decided(made)
    commit_night(made, ("guard",))
    close(made)
    for name in ("li", "nobody"):
        with pytest.raises(
            DataRefused, match=f"'{name}' may not approve, discard or reverse.*wu as approver"
        ):
            say(made, by=name)
    say(made, by="wu")
    newest = open_ledger(made.home).newest()
    assert newest is not None
    assert open_ledger(made.home).approvals(newest)[0].registered
