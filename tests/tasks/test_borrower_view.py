"""What is told of a borrower when files are gone: erased, pruned, or a line that somebody else has now."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import linewatch
from ledger import open_ledger
from ledger.schema import batch as batches
from linewatch.errors import NotFound
from linewatch.recorded import recorded
from linewatch.telling import BARS, hold_told, is_barred, reasons_told, says_no_causes, triggers_told
from tasks.access import erase
from tasks.borrower_view import borrower_view
from tasks.borrower_view.told import _Teller
from tasks.prune import prune
from tasks.publish import deliver_due
from tests.ledger.small_lender import Wish, a_night, papers, run, write_source
from tests.tasks.kept_nights import TODAY, kept_nights
from tests.tasks.kept_nights import WHO as PRUNED_BY

FIRST = date(2026, 11, 21)
AT = datetime(2031, 1, 1, 9, tzinfo=UTC)
PRUNED = {"decisions", "changes", "drafts"}
WHO = {"by": "li", "because": "They asked for it."}


def nights(place: Path, *lenders: dict[str, Wish], held: int | None = None) -> Path:
    """A home of a night a day, each with these lines; the night of this number is held."""
    home = place / "home"
    for number, lines in enumerate(lenders):
        source = write_source(place / f"source-{number}", lines)
        made = a_night(home, source, FIRST + timedelta(days=number), AT, papers())
        run(made, ("guard",) if number == held else ())
        deliver_due(home, AT)
    return home


def test_who_was_erased_is_known_no_more_and_the_entries_of_the_log_are_named(tmp_path: Path) -> None:
    left = {"F2": Wish(100, 90, "rule")}
    home = nights(tmp_path, {"F0": Wish(100, 90, "rule"), **left}, left)
    assert borrower_view(home, "B0").content["history"]
    with pytest.raises(NotFound) as unknown:
        borrower_view(home, "B7")
    assert "Erasures on record" not in unknown.value.where
    done = erase(home, "B0", **WHO, recorded_at=AT)
    ledger = open_ledger(home)
    (erasure,) = (each for each in ledger.batches() if each.batch == done.batch)
    entry = ledger.log.of_batch(erasure.seq)
    assert entry is not None
    for number in ("B0", "B7"):  # nobody can tell the one from the other
        with pytest.raises(NotFound, match=r"of this number, or they were erased") as gone:
            borrower_view(home, number)
        assert f"entry {entry.seq} of the log on 2031-01-01, {done.batch}" in gone.value.where
    assert borrower_view(home, "B1").content["history"]


def test_a_line_that_was_anothers_tells_nothing_of_that_time(tmp_path: Path) -> None:
    """F2 is B1's, then B0's: each has the change of their own day, and the letter of it."""
    home = tmp_path / "home"
    for number, owner in enumerate(("B1", "B0")):
        shown, wanted = ((100, 90), (90, 80))[number]
        lines = {name: Wish(shown, wanted, "rule") for name in ("F0", "F2")}
        source = write_source(tmp_path / f"source-{number}", lines)
        _hand(source / "facility.csv", "F2", owner)
        run(a_night(home, source, FIRST + timedelta(days=number), AT, papers()))
        deliver_due(home, AT)
    for borrower, day, old in (("B1", FIRST, 100), ("B0", FIRST + timedelta(days=1), 90)):
        content = borrower_view(home, borrower).content
        rows = [row for row in content["history"] if row["facility_id"] == "F2"]
        assert [(row["on"], row["old_limit_cents"]) for row in rows] == [(day.isoformat(), old)]
        letters = [row for row in content["letters"] if row["facility_id"] == "F2"]
        assert [row["on"] for row in letters] == [day.isoformat()]
    (line,) = borrower_view(home, "B1").content["lines"]
    assert (line["state"], line["limit_cents"], line["last_seen_on"]) == ("not_reviewed", None, "2026-11-21")
    told = borrower_view(home, "B1", language="en").text
    assert "It was last reviewed on November 21, 2026: closed since, or no longer in" in told


def _hand(path: Path, line: str, owner: str) -> None:
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        if row["facility_id"] == line:
            row["borrower_id"] = owner
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        written.writeheader()
        written.writerows(rows)


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = kept_nights(tmp_path_factory.mktemp("kept"))
    prune(home, **PRUNED_BY, recorded_at=TODAY)
    return home


def test_a_pruned_night_says_since_when_and_which_nights_are_kept(pruned: Path) -> None:
    ledger = open_ledger(pruned)
    gone = [each for each in ledger.batches() if "decisions" in each.gone]
    kept = [each for each in ledger.batches() if "decisions" in each.files]
    assert gone
    with pytest.raises(NotFound, match=f"is gone since {TODAY.date()}: it was pruned") as refused:
        borrower_view(pruned, "B1", gone[0].as_of)
    assert f"{len(kept)} nights are kept" in refused.value.where
    assert all(str(each.as_of) in refused.value.where for each in kept[-3:])
    assert f"--as-of {kept[-1].as_of}" in refused.value.what_now
    with pytest.raises(NotFound) as unknown:
        borrower_view(pruned, "NOBODY")
    assert f"Not kept any more: {len(gone)} nights, {gone[0].as_of}" in unknown.value.where


def test_what_is_kept_no_longer_is_told_and_the_rest_stands(pruned: Path) -> None:
    ledger = open_ledger(pruned)
    rows = pq.read_table(ledger.file(ledger.standing(), "decisions")).to_pylist()
    view = borrower_view(pruned, rows[0]["borrower_id"], language="en")
    told = {each["as_of"]: each for each in view.content["not_kept"]}
    assert set(told) == {each.as_of.isoformat() for each in ledger.batches() if each.gone & PRUNED}
    assert {each["on"] for each in told.values()} == {TODAY.date().isoformat()}
    assert "No longer kept" in view.text
    assert "(deleted on November 28, 2026)." in view.text
    assert view.content["lines"]


def test_before_any_night_is_committed_it_says_so(tmp_path: Path) -> None:
    home = nights(tmp_path, {"F0": Wish(100, 90, "rule")}, held=0)
    with pytest.raises(NotFound, match="No night is committed in this home"):
        borrower_view(home, "B0")


def test_what_a_night_says_would_help_is_told_to_whom_it_is_about(tmp_path: Path) -> None:
    home = nights(tmp_path, {"F0": Wish(100, 90, "rule"), "F2": Wish(100, 90, "rule")})
    advise(home, ("F0", "indication", "pay_down_on_time", 1_000, date(2026, 12, 1), date(2026, 12, 5), 95))
    content = borrower_view(home, "B0").content
    (advice,) = content["advice"]
    assert (advice["code"], advice["amount_cents"], advice["by_on"]) == (
        "pay_down_on_time",
        1_000,
        "2026-12-01",
    )
    assert borrower_view(home, "B1").content["advice"] == []


def test_advice_whose_day_is_over_is_told_no_more(tmp_path: Path) -> None:
    home = nights(tmp_path, {"F0": Wish(100, 90, "rule")})
    advise(home, ("F0", "indication", "pay_down_on_time", 1_000, FIRST, FIRST + timedelta(days=9), 95))
    assert borrower_view(home, "B0").content["advice"] == []


def test_what_moved_a_limit_is_kept_back_where_the_law_keeps_it_out_of_letters() -> None:
    room = Path(linewatch.__file__).parent / "regulations"
    packs = [path.read_text(encoding="utf-8") for path in sorted(room.glob("*.toml"))]
    lender = recorded([*packs, 'licence = "none"\n[packs]\nUS = "us"\nCN = "cn"\n'])
    assert says_no_causes(lender, "US", FIRST)
    assert not says_no_causes(lender, "US", date(2001, 1, 1))
    assert not says_no_causes(lender, "CN", FIRST)
    assert not says_no_causes(lender, None, FIRST)
    home_of_its_own = recorded(["licence = 'none'"])
    assert not says_no_causes(home_of_its_own, "US", FIRST)


def advise(home: Path, *rows: tuple[object, ...]) -> None:
    """Lay a file of advice beside the night, as a later version writes it."""
    ledger = open_ledger(home)
    night = ledger.standing()
    names = ("facility_id", "standing", "code", "amount_cents", "by_on", "counts_on", "limit_cents")
    path = home / night.folder / "advice-0123456789abcdef.parquet"
    pq.write_table(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows]), path)
    files = {name: each.as_dict() for name, each in night.files.items()}
    under = path.relative_to(home).as_posix()
    files["advice"] = {"path": under, "sha256": "0" * 64, "bytes": 1, "rows": len(rows)}
    with ledger.engine.begin() as connection:
        connection.execute(batches.update().values(files=json.dumps(files)))


@pytest.mark.parametrize("flag", ["suspected", "first_party", "true", True])
def test_the_sources_own_flag_bars_too(flag: object) -> None:
    assert is_barred([], flag)


@pytest.mark.parametrize("flag", [None, "none", "victim", "false", False])
def test_who_is_not_suspected_is_told(flag: object) -> None:
    assert not is_barred(["cool_off", "large_decrease", None], flag)


def test_every_code_that_bars_is_kept_back_wherever_it_may_stand() -> None:
    for code in BARS:
        assert is_barred([code])
        assert reasons_told([code, "late_payments"]) == ["late_payments"]
        assert hold_told(code) == "referred"
        assert triggers_told([code, "group_default", "large_decrease", "large_decrease"]) == [
            "large_decrease"
        ]


def test_that_a_case_is_open_is_never_told_as_why_it_was_opened() -> None:
    assert triggers_told(["large_decrease", "case_open"]) == ["large_decrease"]
    assert triggers_told(["grade_worsened", "case_open"]) == []
    case = {"stage": "waiting", "due_on": None, "letter_by": None, "lines": ["F1"], "kind": "desk_review"}
    content = {
        "language": "en",
        "borrower": {"jurisdiction": "CN"},
        "lines": [],
        "more_may_be_told": True,
        "cases": [{**case, "opened_on": "2026-09-21", "triggers": []}],
    }
    (block,) = _Teller(content).cases()
    assert block.lines[-1] == "A person looks at it and decides."
