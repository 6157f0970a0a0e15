"""Nights with a settlement between them: replayed, proven, erased from, pruned; what a night overtakes."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import people, replay
from flows.settling import settle_all, settle_before, settle_ready
from ledger import open_ledger
from linewatch.casework import Done, Stage
from linewatch.errors import NotFound
from linewatch.intake import CaseLine, overtaken
from linewatch.night import Night
from tasks.access import erase, export_borrower
from tasks.checkpoint import sign_standing
from tasks.log_proof import prove
from tasks.prune import prune
from tests.flows.review_home import AS_OF, AT, answer, documents, queue, says, settlements, taken
from tests.letters.letters_fixture import outbox_in
from tests.planted_home import MARK, planted_lender, rows_of, texts, without
from tests.tasks.decisions_fixture import committed_home
from tests.tasks.test_export import asked
from tests.whole_night import run_night
from verify.home import check as check_home
from verify.proof import Proven
from verify.proof import check as check_proof

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
NEXT = AS_OF + timedelta(days=1)
BEGUN = AT + timedelta(hours=16, minutes=15)
LATER = datetime(2031, 1, 1, 9, tzinfo=UTC)
"""When no record of law keeps what was decided then."""
KEPT = "".join(
    f'[[retention]]\nkind = "{kind}"\neffective_from = 2020-01-01\nmonths = 14\nbecause = "A test."\n'
    for kind in ("snapshots", "decisions", "drafts")
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Nights:
    """Two nights, and what people decided before the second and while it ran."""

    home: Path
    borrower: str
    """Of a line that was settled between them; the second night's source has left them out."""
    seen: dict[str, Row]
    """The rows that were approved while the second night ran, by line."""
    sent_back: dict[str, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Some cases are decided and settled first; the others while the second night runs, and settled after."""
    place = tmp_path_factory.mktemp("settled")
    source, home = planted_lender(place / "demo", 300), place / "home"
    given = documents(AS_OF, place / "documents", review="", profile=KEPT)
    if run_night(source, AS_OF, home, documents=given, promises=False).status == "held":
        people.approve(home, AS_OF, "wu", "Seen.", AT)
    sent = queue(home)
    first = {row["case_id"] for row in sent[: len(sent) // 2]}
    wanted = dict(zip(sorted(first), cycle(["another_limit", "freeze", "keep"]), strict=False))
    gone = _gone(home, sent, wanted)
    night = Night(NEXT, home, "", documents(NEXT, place / "documents", review="", profile=KEPT), BEGUN)
    with people.acting(home, "a night", AT):
        taken(home, answer(home, place / "first.xlsx", lambda cells: _says(cells, wanted)))
    with people.acting(home, "the next night", BEGUN):
        settle_before(night)
        seen = {row["facility_id"]: row for row in queue(home)}
        answered = answer(home, place / "second.xlsx", lambda _: says("approve", by="li"))
        assert taken(home, answered, BEGUN)["settlement"]["status"] == "waits"
        lines = {row["facility_id"] for row in sent if row["borrower_id"] == gone}
        left = without(source, gone, lines | _lines_of(home, gone), place / "left")
        run_night(left, NEXT, home, documents=night.documents, recorded_at=BEGUN, promises=False)
    after = settle_all(home, BEGUN + timedelta(hours=1))
    return Nights(home, gone, seen, after["sent_back"])


def _says(cells: Row, wanted: dict[str, str]) -> Row | None:
    outcome = wanted.get(cells["case_id"])
    if outcome != "another_limit":
        return says(outcome) if outcome else None
    return says(outcome, new_limit=max(cells["owed"], round(cells["limit"] * 0.9)))


def _gone(home: Path, sent: list[Row], wanted: dict[str, str]) -> str:
    """Whose line is to be cut, and stands alone in its case."""
    cut = [
        row for row in sent if wanted.get(row["case_id"]) == "another_limit" and row["owed"] < row["limit"]
    ]
    return str(cut[0]["borrower_id"])


def _lines_of(home: Path, borrower: str) -> set[str]:
    rows = pq.read_table(open_ledger(home).standing().path(home, "decisions")).to_pylist()
    return {row["facility_id"] for row in rows if row["borrower_id"] == borrower}


@pytest.fixture
def home(made: Nights, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.home, tmp_path / "home"))


def rows(home: Path, batch: Any, name: str) -> list[Row]:
    found: list[Row] = pq.read_table(batch.path(home, name)).to_pylist()
    return found


def test_nights_with_a_settlement_between_them_come_to_their_roots_again(made: Nights) -> None:
    ledger = open_ledger(made.home)
    first = next(each for each in settlements(ledger) if each.as_of == AS_OF)
    assert rows(made.home, first, "changes")
    found = list(replay.all_of(made.home, None, None))
    assert [each.content["night"] for each in found] == [AS_OF.isoformat(), NEXT.isoformat()]
    for each in found:
        assert (each.status, each.content["again"]) == ("same", each.content["root"]), each.text
    assert check_home(made.home).faults == ()


def test_what_was_approved_while_a_night_ran_ends_as_it_was_seen_or_is_sent_back(made: Nights) -> None:
    """The night proposes anew: nobody approved that, and a cut that was approved is not quietly kept."""
    ledger = open_ledger(made.home)
    night = {row["facility_id"]: row for row in rows(made.home, ledger.standing(NEXT), "decisions")}
    settled = {
        row["facility_id"]: row
        for each in settlements(ledger)
        if each.as_of == NEXT
        for row in rows(made.home, each, "settled")
    }
    stale = {
        row["case_id"]
        for name, row in made.seen.items()
        if name in night and round(row["proposed_limit"] * 100) != night[name]["proposed_limit_cents"]
    }
    assert stale
    assert {case for case, why in made.sent_back.items() if "row_stale" in why} == stale
    assert settled
    for name, row in settled.items():
        assert row["new_limit_cents"] == round(made.seen[name]["proposed_limit"] * 100)
    for case, work in ledger.cases.standing(stale).items():
        assert (work.stage, work.decided) == (Stage.WAITING, None), case


def test_every_change_of_a_settlement_is_proven_to_who_has_nothing_but_the_file(
    made: Nights, tmp_path: Path
) -> None:
    ledger = open_ledger(made.home)
    keys = [sign_standing(made.home, BEGUN).key]
    first = next(each for each in settlements(ledger) if each.as_of == AS_OF)
    for row in rows(made.home, first, "changes"):
        proof = prove(made.home, row["change_id"], tmp_path / "out").proof.read_text(encoding="utf-8")
        verdict = check_proof(proof, keys)
        assert isinstance(verdict, Proven), verdict
        assert row["change_id"] in " ".join(verdict.sentences)
        for each in json.loads(proof)["leaves"]:
            other = proof.replace(each["salt"], each["salt"][::-1])
            assert not isinstance(check_proof(other, keys), Proven)


def test_a_borrower_is_given_what_was_settled_of_theirs_and_erased_leaves_nothing(
    made: Nights, home: Path
) -> None:
    told = json.loads(export_borrower(home, made.borrower, BEGUN).json.read_text(encoding="utf-8"))
    held = {part["name"]: part["rows"] for part in told["held"]}
    assert {each["row"]["decided_by"] for each in held["settled"]} == {"wu"}
    shutil.rmtree(home / "out" / "access")
    others = [row for each in settlements(open_ledger(home)) for row in rows(home, each, "settled")]
    own = {each["row"]["facility_id"] for each in held["settled"]}
    with people.acting(home, "erase", LATER):
        erase(home, made.borrower, by="li", because="They asked for it.", recorded_at=LATER)
    key = made.borrower.removeprefix(MARK)
    words = {made.borrower, *own, f"{MARK}name of {key}", f"{MARK}street of {key}"}
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".db"]
    assert [path for path in files if any(word in text for text in texts(path) for word in words)] == []
    assert [row for row in rows_of(home / "ledger.db") if any(word in str(row) for word in words)] == []
    left = [row for each in settlements(open_ledger(home)) for row in rows(home, each, "settled")]
    assert left == [row for row in others if row["facility_id"] not in own]
    assert check_home(home).faults == ()
    with pytest.raises(NotFound):
        export_borrower(home, made.borrower, LATER)
    assert [each.status for each in replay.all_of(home, None, None)] == ["same", "same"]


def test_a_prune_takes_letters_of_settlements_and_nothing_that_the_next_night_carries_on_from(
    home: Path,
) -> None:
    ledger = open_ledger(home)
    both = {each.batch for each in settlements(ledger)}
    told = {entry["batch"] for each in settlements(ledger) for entry in outbox_in(each.out(home))}
    assert told == {each.batch for each in settlements(ledger) if each.counts["drafts"]} != set()
    carried = ledger.history()
    with people.acting(home, "prune", LATER):
        prune(home, by="li", because="It is older than we keep it.", recorded_at=LATER)
    assert open_ledger(home).history() == carried
    for each in settlements(open_ledger(home)):
        there = {name for name in each.files if name not in each.gone}
        assert there >= {"changes", "state", "settled"}
        assert ("drafts" in there) == (each.as_of == NEXT) == (each.out(home) / "outbox.jsonl").exists()
        assert all(each.path(home, name).exists() for name in there)
    assert len(both) == 2
    assert check_home(home).faults == ()
    assert settle_all(home, LATER)["status"] == "unchanged"


# What a night overtakes

LINE = CaseLine("F1", True, "CNY", 100_000, 80_000)
OTHER = CaseLine("F2", True, "CNY", 100_000, 100_000)


@pytest.mark.parametrize(
    ("outcome", "shown", "lines", "why"),
    [
        ("approve", 80_000, [LINE], {}),
        ("approve", 70_000, [LINE], {"F1": "row_stale"}),
        ("approve", 100_000, [LINE], {"F1": "row_stale"}),
        ("keep", 70_000, [LINE], {}),
        ("freeze", 70_000, [LINE], {}),
        ("keep", 80_000, [LINE, OTHER], {"F2": "line_unanswered"}),
        ("approve", 70_000, [CaseLine("F1", is_open=False)], {}),
    ],
)
def test_a_decided_case_is_overtaken_by_another_proposal_and_by_a_line_that_joins_it(
    outcome: str, shown: int, lines: list[CaseLine], why: dict[str, str]
) -> None:
    told = [{"facility_id": "F1", "outcome": outcome, "proposed_limit_cents": shown}]
    assert overtaken(told, {line.facility_id: line for line in lines}) == why


def test_a_line_that_joins_a_decided_case_is_not_closed_with_it(tmp_path: Path) -> None:
    """Nobody has looked at it, and no other night might ask again for a month."""
    home = committed_home(tmp_path / "home", [asked("F1", borrower_id="B1")])
    cases = open_ledger(home).cases
    (case,) = cases.open()
    line = {"facility_id": "F1", "outcome": "keep", "limit_cents": None, "reason": "data_wrong"}
    assert cases.work([(case.case_id, Done("decided", "wu", "", {"lines": [line]}))], AT) == [""]
    joined = {name: getattr(case, name) for name in ("borrower_id", "case_id", "opened_on", "due_on")}
    lines = [asked(name, borrower_id="B1") for name in ("F1", "F2")]
    committed_home(home, lines, as_of=case.opened_on + timedelta(days=1), open_case=[joined])
    settled = settle_ready(home, AT)
    assert (settled.receipt, settled.sent_back) == (None, {case.case_id: "F2: line_unanswered"})
    assert cases.standing()[case.case_id].stage is Stage.WAITING
