"""What is told of a borrower: the whole truth of their lines, nobody else's, and nothing that must not be."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import people
from ledger import Batch, open_ledger
from linewatch.causes import DRIVERS, FACTORS
from linewatch.errors import DataRefused, NotFound, PlaceUnusable
from linewatch.wrapping import WIDTH, columns
from tasks.borrower_view import View, borrower_view
from tasks.borrower_view.page import page
from tasks.borrower_view.words import WORDS
from tests.flows.console import alone, here
from tests.flows.review_home import settlements
from tests.flows.viewed_home import (
    AT,
    FIRST,
    LATER_VICTIM,
    OF_FRAUD,
    SECOND,
    SUSPECTED,
    VICTIM,
    given,
    night,
    viewed,
)

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
KEY = re.compile(r"(?<![\w-])(?:[BF]\d{9}(?:-\d+)?|INS\d+)(?![\w-])")
OF_FRAUD_WORDS = (
    "fraud",
    "欺诈",
    "breach of its agreement",
    "违反了合同约定",
    "device is",
    "设备",
    "interview",
    "访谈",
)
LETTERS = re.compile(r"[一-鿿]")

Row = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("viewed")
    viewed(place)
    return place


@pytest.fixture(scope="module")
def home(made: Path) -> Path:
    return made / "home"


@pytest.fixture(scope="module")
def owners(home: Path) -> dict[str, str]:
    """The borrower of each line."""
    files = home.glob("batches/*/decisions-*.parquet")
    rows = [row for path in files for row in pq.read_table(path, columns=KEYS).to_pylist()]
    return {row["facility_id"]: row["borrower_id"] for row in rows}


KEYS = ["facility_id", "borrower_id"]


@pytest.fixture(scope="module")
def views(home: Path, owners: dict[str, str]) -> dict[str, View]:
    """All whom people decided on or the second night changed, and each sixth of the rest."""
    ledger = open_ledger(home)
    named = {SUSPECTED, OF_FRAUD, VICTIM, *(each.borrower_id for each in ledger.cases.open())}
    for batch in ledger.batches()[1:]:
        named |= {owners[line] for name in ("changes", "settled") for line in rows_of(home, batch, name)}
    blocked = rows_of(home, ledger.night(SECOND), "decisions").items()
    named |= {owners[line] for line, row in blocked if row["drawdown_blocked"]}
    named |= set(sorted(set(owners.values()))[::6])
    return {borrower: borrower_view(home, borrower) for borrower in sorted(named)}


def rows_of(home: Path, batch: Batch | None, name: str) -> dict[str, Row]:
    assert batch is not None
    path = batch.path(home, name)
    return {row["facility_id"]: row for row in pq.read_table(path).to_pylist()} if path else {}


def change_of(view: View, line: str, **wanted: object) -> Row:
    """The one change of a line with these values."""
    found = [
        row
        for row in view.content["history"]
        if row["facility_id"] == line and all(row[name] == value for name, value in wanted.items())
    ]
    assert len(found) == 1, (line, wanted, view.content["history"])
    row: Row = found[0]
    return row


def line_of(view: View, line: str) -> Row:
    (row,) = (each for each in view.content["lines"] if each["facility_id"] == line)
    assert isinstance(row, dict)
    return row


def test_every_change_of_every_batch_is_told_with_the_reasons_of_its_letter(
    home: Path, owners: dict[str, str], views: dict[str, View]
) -> None:
    told = 0
    for batch in open_ledger(home).batches():
        letters = rows_of(home, batch, "drafts")
        for line, change in rows_of(home, batch, "changes").items():
            if owners[line] not in views:
                continue
            row = change_of(views[owners[line]], line, batch=batch.batch)
            for name in ("old_limit_cents", "new_limit_cents", "old_rate_bp", "new_rate_bp", "blocked"):
                assert row[name] == change[name]
            assert row["effective_on"] == change["effective_on"].isoformat()
            if line in letters:
                codes = [code for code in letters[line]["reason_codes"] if code != "first_party_fraud"]
                assert [each["code"] for each in row["reasons"]] == codes
                if letters[line]["language"] == views[owners[line]].content["language"]:
                    assert all(each["text"] in letters[line]["body"] for each in row["reasons"])
            told += 1
    assert told == sum(len(view.content["history"]) for view in views.values()) > 60


def test_what_moved_a_limit_is_told_in_cents_that_add_up(home: Path, views: dict[str, View]) -> None:
    known = {"carried", *DRIVERS, *FACTORS} - {"circumstances"}
    split = 0
    for view in views.values():
        for row in view.content["history"]:
            if row["causes"] is None:
                assert row["old_limit_cents"] == row["new_limit_cents"]
                continue
            parts = row["causes"]["parts"]
            assert set(parts) <= known
            assert sum(parts.values()) == row["new_limit_cents"] - row["old_limit_cents"]
            split += len(set(parts) - {"carried"})
    assert split > 10


def test_a_cause_is_called_what_the_letter_calls_it(home: Path, owners: dict[str, str]) -> None:
    night, called = open_ledger(home).night(SECOND), set()
    for line, letter in rows_of(home, night, "drafts").items():
        changed = re.search("What changed since|以来", letter["body"]) and letter["kind"] == "decrease"
        if changed and night:
            view = borrower_view(home, owners[line], language=letter["language"])
            causes = change_of(view, line, batch=night.batch)["causes"]
            for words in (causes or {"words": {}})["words"].values():
                assert re.search(f"^{re.escape(words)}[:：]", letter["body"], re.MULTILINE)
                assert f"· {words}: " in view.text or f"· {words}：" in view.text
                called.add(words)
    assert len(called) > 3


def test_a_cut_reads_as_a_person_would_say_it(home: Path, owners: dict[str, str]) -> None:
    first = rows_of(home, open_ledger(home).night(FIRST), "changes")
    cut = {line: row for line, row in first.items() if row["new_limit_cents"] < row["old_limit_cents"]}
    line = sorted(cut)[0]
    view = borrower_view(home, owners[line], language="en")
    assert f"{line}: lowered from " in view.text
    assert "Decided by the review of the night of October 21, 2026." in view.text
    assert "Reason given: " in view.text
    assert "No earlier night is kept to count it from" in view.text
    assert "The lender's system showed it on November 21, 2026." in view.text
    seen = change_of(view, line, on=FIRST.isoformat(), action="decrease")["system_of_record"]
    assert seen == {"state": "confirmed", "on": SECOND.isoformat()}


def test_days_and_amounts_of_a_second_cut_are_counted_from_the_first_night(views: dict[str, View]) -> None:
    rows = [row for view in views.values() for row in view.content["history"] if row["causes"]]
    since = {row["causes"]["since"] for row in rows if row["decided_by"] == "night"}
    assert since == {None, FIRST.isoformat()}


def test_a_line_that_people_decided_says_so_and_stands_as_they_left_it(
    home: Path, owners: dict[str, str], views: dict[str, View]
) -> None:
    ledger = open_ledger(home)
    (settlement,) = settlements(ledger)
    settled, changes = (rows_of(home, settlement, name) for name in ("settled", "changes"))
    assert {row["action"] for row in settled.values()} >= {"freeze", "decrease"}
    for line, row in settled.items():
        view = views[owners[line]]
        stand = line_of(view, line)
        assert stand["limit_cents"] == row["new_limit_cents"]
        assert (stand["state"] == "paused") == (row["action"] == "freeze")
        if line in changes:
            assert change_of(view, line, decided_by="person")["batch"] == settlement.batch
        if row["action"] == "freeze" and view.content["more_may_be_told"]:
            assert stand["paused_because"]["by"] == "person"
            assert [each["code"] for each in stand["paused_because"]["reasons"]] == ["conduct_confirmed"]
        for hold in view.content["holds"]:
            if hold["facility_id"] == line:
                assert hold["decided_since"] == view.content["more_may_be_told"]
        assert row["decided_by"] not in view.text
    asked = {each.case_id for each in ledger.cases.open()}
    assert asked
    assert sum(len(view.content["cases"]) for view in views.values()) == len(
        [each for each in ledger.cases.open() if views[each.borrower_id].content["more_may_be_told"]]
    )


def test_what_was_taken_back_is_told_and_the_line_stands_as_before(
    home: Path, owners: dict[str, str], views: dict[str, View]
) -> None:
    (reversal,) = (each for each in open_ledger(home).batches() if each.kind == "reversal")
    undone = rows_of(home, reversal, "changes")
    assert undone
    for line, row in undone.items():
        view = borrower_view(home, owners[line], language="en")
        back = change_of(view, line, decided_by="reversal")
        wrong = change_of(view, line, decided_by="night", on=SECOND.isoformat())
        assert back["new_limit_cents"] == wrong["old_limit_cents"] == row["new_limit_cents"]
        assert wrong["system_of_record"]["state"] in ("overtaken", "not_handed_over")
        assert line_of(view, line)["limit_cents"] == row["new_limit_cents"]
        assert view.content["history"].index(back) < view.content["history"].index(wrong)
        assert "An earlier decision was taken back, upon the night of November 21, 2026." in view.text
        assert {"correction"} <= {letter["kind"] for letter in view.content["letters"]}


def test_a_frozen_line_says_who_paused_it_and_why(home: Path, owners: dict[str, str]) -> None:
    decided = rows_of(home, open_ledger(home).night(SECOND), "decisions")
    own = [line for line, row in decided.items() if row["own_block"]]
    other = [line for line, row in decided.items() if row["drawdown_blocked"] and not row["own_block"]]
    assert own
    assert other
    for line in own:
        view = borrower_view(home, owners[line], language="en")
        assert line_of(view, line)["paused_because"]["by"] in ("us", "person")
        told = view.content["more_may_be_told"]
        assert bool(line_of(view, line)["paused_because"]["reasons"]) == told, owners[line]
        assert "Nothing new can be drawn." in view.text
    told = [line_of(borrower_view(home, owners[line]), line)["paused_because"] for line in other]
    assert all(each["reasons"] == [] for each in told if each["by"] == "system_of_record")


def test_every_line_that_was_held_says_why_and_what_was_due_before(
    home: Path, owners: dict[str, str], views: dict[str, View]
) -> None:
    ledger = open_ledger(home)
    before, now = (rows_of(home, ledger.night(day), "decisions") for day in (FIRST, SECOND))
    moved = {
        (line, row["new_limit_cents"] != row["old_limit_cents"])
        for batch in ledger.batches()[1:]
        for line, row in rows_of(home, batch, "changes").items()
    }
    waited = 0
    for line, row in now.items():
        if owners[line] not in views:
            continue
        view = views[owners[line]]
        (hold,) = [each for each in view.content["holds"] if each["facility_id"] == line] or [None]
        if (line, True) in moved:
            assert hold is None
        elif row["action"] != "hold":
            assert (hold is not None) == (row["route"] == "referred" and row["action"] != "freeze")
        elif view.content["more_may_be_told"]:
            assert hold is not None
            assert hold["code"] == row["hold_because"]
            if not hold["decided_since"]:
                assert hold["text"] in view.text.replace("\n      ", "").replace("\n        ", "")
            if row["hold_because"] == "not_due" and line in before and before[line]["due"]:
                then = hold["at_last_review"]
                held = before[line]["action"] == "hold" or before[line]["route"] == "referred"
                assert (then is not None) == held
                waited += then is not None
    assert waited


def test_what_the_night_found_would_help_is_told_until_the_line_is_changed_again(
    home: Path, owners: dict[str, str], views: dict[str, View]
) -> None:
    ledger = open_ledger(home)
    night = ledger.night(SECOND)
    later = {
        line
        for batch in ledger.batches()
        if night and batch.seq > night.seq
        for line in rows_of(home, batch, "changes")
    }
    advised = rows_of(home, night, "advice")
    assert set(advised) & later
    assert set(advised) - later
    for line, row in advised.items():
        view = views[owners[line]]
        found = [each for each in view.content["advice"] if each["facility_id"] == line]
        told = line not in later and view.content["more_may_be_told"]
        assert [each["code"] for each in found] == ([row["code"]] if told else [])
        for each in found:
            assert (each["amount_cents"], each["limit_cents"]) == (row["amount_cents"], row["limit_cents"])
            assert "{{" not in each["text"]
            assert " ".join(each["text"].split()) in " ".join(view.text.split()) or LETTERS.search(
                each["text"]
            )


def test_of_a_borrower_who_is_barred_only_a_person_who_is_looking_is_told(
    home: Path, views: dict[str, View]
) -> None:
    decided = rows_of(home, open_ledger(home).night(SECOND), "decisions").values()
    triggers = {code for row in decided if row["borrower_id"] == SUSPECTED for code in row["triggers"]}
    assert "fraud_suspected" in triggers, "nothing is planted that could be told"
    barred = {borrower for borrower, view in views.items() if not view.content["more_may_be_told"]}
    assert {SUSPECTED, OF_FRAUD} <= barred
    assert VICTIM not in barred
    for borrower in barred:
        for language in ("en", "zh"):
            view = borrower_view(home, borrower, language=language)  # type: ignore[arg-type]
            content = json.dumps(view.content, ensure_ascii=False)
            for said in (view.text, page(view.content), content):
                assert not [word for word in OF_FRAUD_WORDS if word in said.lower()]
            assert WORDS[language]["looking"] in view.text
            assert view.content["cases"] == view.content["advice"] == []
            assert "triggers" not in content
    for view in views.values():
        assert not [word for word in OF_FRAUD_WORDS[:4] if word in view.text.lower()]


def test_nobody_else_stands_in_what_is_told(views: dict[str, View], owners: dict[str, str]) -> None:
    for borrower, view in views.items():
        whole = "\n".join([view.text, page(view.content), json.dumps(view.content)])
        named = {key for key in KEY.findall(whole) if key != borrower and owners.get(key) != borrower}
        assert named == set(), borrower
        assert borrower in view.text


def test_the_page_is_the_same_words_and_needs_nothing_else(views: dict[str, View], tmp_path: Path) -> None:
    for view in list(views.values())[::20]:
        written = view.write(tmp_path / "view.html").read_text(encoding="utf-8")
        assert written == page(view.content)
        assert not re.search(r"<script|<link|<img|src=|href=|url\(|https?:", written)
        plain = re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", written.split("<body>")[1]))
        for section in WORDS[view.content["language"]]["rights"], WORDS[view.content["language"]]["advice"]:
            assert re.sub(r"\s+", "", section) in plain
        assert max(columns(row) for row in view.text.splitlines()) <= WIDTH


def test_texts_of_the_lender_are_escaped_on_the_page(views: dict[str, View]) -> None:
    content = {**next(iter(views.values())).content}
    content["lender"] = {**content["lender"], "name": "<b>A & B</b>"}
    assert "<b>A" not in page(content)
    assert "&lt;b&gt;A &amp; B" in page(content)


def test_both_languages_have_the_same_words_() -> None:
    assert set(WORDS["en"]) == set(WORDS["zh"])
    for key, text in WORDS["en"].items():
        fields = re.compile(r"\{\w+\}")
        assert set(fields.findall(text)) == set(fields.findall(WORDS["zh"][key])), key
        assert not LETTERS.search(text)


def test_it_is_told_in_the_language_of_the_letters_unless_another_is_asked_for(
    home: Path, views: dict[str, View]
) -> None:
    spoken = 0
    for borrower, view in views.items():
        for letter in view.content["letters"]:
            assert letter["language"] == view.content["language"], borrower
            spoken += 1
    assert spoken
    assert {view.content["language"] for view in views.values()} == {"zh", "en"}
    for borrower in list(views)[::25]:
        told = borrower_view(home, borrower, language="en").text
        subjects = {letter["subject"] for letter in views[borrower].content["letters"]}
        for subject in subjects:
            told = told.replace(subject, "")
        assert not LETTERS.search(told), borrower


def test_the_same_home_gives_the_same_bytes_and_is_left_as_it_was(home: Path, views: dict[str, View]) -> None:
    def hashes() -> dict[str, str]:
        files = (
            path for path in home.rglob("*") if path.is_file() and not path.name.startswith("ledger.db-")
        )
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = hashes()
    for borrower in list(views)[::40]:
        assert borrower_view(home, borrower).content == views[borrower].content
        assert page(borrower_view(home, borrower).content) == page(views[borrower].content)
    assert hashes() == before


def test_an_earlier_night_is_told_as_it_was(home: Path, owners: dict[str, str]) -> None:
    changed = set(rows_of(home, open_ledger(home).night(SECOND), "changes"))
    decided = rows_of(home, open_ledger(home).night(FIRST), "decisions")
    for line in sorted(changed & set(decided))[:5]:
        view = borrower_view(home, owners[line], FIRST, "en")
        assert not view.content["is_newest"]
        assert {row["on"] for row in view.content["history"]} <= {FIRST.isoformat()}
        assert {row["on"] for row in view.content["letters"]} <= {FIRST.isoformat()}
        assert line_of(view, line)["limit_cents"] == decided[line]["committed_limit_cents"]
        assert "Later nights are committed." in view.text


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copied"))


def test_nothing_of_a_held_night_is_told_and_then_its_blocks_alone(
    copied: Path, owners: dict[str, str], views: dict[str, View]
) -> None:
    home, day = copied / "home", SECOND.replace(month=12)
    night(copied, home, day, given(copied, day), "a guard of the test")
    held = open_ledger(home).held()
    assert held is not None
    for borrower in (SUSPECTED, VICTIM, *list(views)[::8]):
        assert borrower_view(home, borrower).content == views[borrower].content
    with pytest.raises(NotFound, match="no committed night of 2026-12-21"):
        borrower_view(home, SUSPECTED, day)
    people.protect(home, day, "wu", "Blocks alone.", AT)
    (protective,) = (each for each in open_ledger(home).batches() if each.kind == "protective")
    blocked = rows_of(home, protective, "changes")
    assert LATER_VICTIM in {owners[line] for line in blocked}
    for line in blocked:
        view = borrower_view(home, owners[line], language="en")
        assert line_of(view, line)["state"] == "paused"
        assert change_of(view, line, decided_by="protective")["action"] == "freeze"
        assert view.content["as_of"] == SECOND.isoformat()


def test_the_command_answers_with_one_object_or_a_page_or_says_what_to_type(
    home: Path, tmp_path: Path
) -> None:
    words = ("borrower", "explain", "--home", home)
    told = alone(*words, VICTIM, "--language", "en")
    assert (told.exit_code, told.out) == (0, f"{borrower_view(home, VICTIM, language='en').text}\n")
    written = here(*words, VICTIM, "--json", "--out", tmp_path / "a.html").answer
    assert written.pop("page") == str(tmp_path / "a.html")
    assert written == borrower_view(home, VICTIM).content
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page(written)
    unknown = here(*words, "B1")
    assert (unknown.exit_code, unknown.out) == (2, "")
    assert "Nothing is held of a borrower of this number." in unknown.err
    assert "2 committed nights, 2026-10-21 to 2026-11-21" in unknown.err
    assert "capitals too: linewatch borrower explain ID --home" in unknown.err
    nowhere = here("borrower", "explain", VICTIM, "--home", tmp_path / "none")
    assert (nowhere.exit_code, (tmp_path / "none").exists()) == (2, False)
    assert "No night was ever run" in nowhere.err


def test_what_cannot_be_told_says_so_and_what_to_type(home: Path, tmp_path: Path) -> None:
    line = next(iter(rows_of(home, open_ledger(home).night(FIRST), "changes")))
    with pytest.raises(NotFound) as of_line:
        borrower_view(home, line)
    assert "This is the number of a line: linewatch explain FACILITY" in of_line.value.what_now
    with pytest.raises(NotFound, match="This home has no committed night of 2026-01-01") as no_night:
        borrower_view(home, VICTIM, FIRST.replace(month=1, day=1))
    assert "The newest committed night is 2026-11-21" in no_night.value.what_now
    view = borrower_view(home, VICTIM)
    with pytest.raises(DataRefused, match="lies in the home"):
        view.write(home / "out" / "a.html")
    with pytest.raises(PlaceUnusable):
        view.write(tmp_path / "none" / "a.html")
    assert not (home / "out" / "a.html").exists()


def test_a_damaged_file_is_named(copied: Path) -> None:
    home = copied / "home"
    path = open_ledger(home).standing(FIRST).path(home, "decisions")
    assert path is not None
    path.write_bytes(b"nothing")
    with pytest.raises(DataRefused, match=f"The file {path.name} of this home is damaged"):
        borrower_view(home, VICTIM)
    path.unlink()
    with pytest.raises(NotFound, match=r"The file of decisions of .* is not there"):
        borrower_view(home, VICTIM)
