"""What `linewatch letters` answers, of committed nights and of one that is held."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.cli import run
from ledger import open_ledger
from tasks.demo import write_demo
from tasks.export import export_night
from tasks.letters import fonts
from tasks.letters.outbox import write_outbox
from tests.letters.letters_fixture import outbox_in
from tests.letters.page_read import Page
from tests.whole_night import run_night

FIRST, HELD = date(2026, 10, 21), date(2026, 11, 21)
Typed = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that is committed and handed out, and a later one that is held."""
    place = tmp_path_factory.mktemp("commands")
    home = place / "home"
    for as_of, why in ((FIRST, ()), (HELD, ("a test",))):
        (night,) = write_demo(
            place / f"lender-{as_of}", borrowers=80, seed=3, nights=1, every="month", last_as_of=as_of
        )
        run_night(night.folder, as_of, home, promises=False, held_because=why)
    export_night(home, FIRST, write_outbox)
    return home


@pytest.fixture
def typed(home: Path, capfd: pytest.CaptureFixture[str]) -> Typed:
    """Type `linewatch letters WORDS`; the exit code, the object on standard output and the rest."""

    def letters(*words: object) -> tuple[int, dict[str, Any], str]:
        own = os.dup(1)  # a command leaves its standard output to whatever prints after its answer
        code = run(["letters", *map(str, words), "--home", str(home), "--json"])
        os.dup2(own, 1)
        os.close(own)
        said = capfd.readouterr()
        return code, json.loads(said.out), said.err

    return letters


def entries(home: Path) -> list[dict[str, Any]]:
    return outbox_in(home / "out" / FIRST.isoformat())


def test_a_letter_is_shown_by_its_own_key_and_by_its_lines(home: Path, typed: Typed) -> None:
    entry = entries(home)[0]
    for words in ((entry["draft_id"],), (entry["facility_id"], "--as-of", FIRST)):
        code, told, _ = typed("show", *words)
        assert code == 0
        (letter,) = told["letters"]
        assert entry["text"].rstrip("\n").endswith(letter.pop("reference"))
        assert letter == {**entry, "held": False}


def test_a_letter_is_printed_as_it_was_drafted(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    entry = entries(home)[0]
    assert run(["letters", "show", entry["draft_id"], "--home", str(home)]) == 0
    said = capfd.readouterr().out
    for name in ("draft_id", "batch", "change_id", "subject", "text"):
        assert entry[name] in said


def test_a_held_nights_letters_may_be_looked_at_and_not_printed(
    home: Path, typed: Typed, tmp_path: Path
) -> None:
    page = tmp_path / "held.html"
    code, told, _ = typed("gallery", "--out", page)
    assert (code, told["held"], told["night"]) == (0, True, HELD.isoformat())
    assert "held: none has gone out" in page.read_text(encoding="utf-8")
    held = open_ledger(home).waiting(HELD)
    draft = pq.read_table(open_ledger(home).file(held, "drafts")).to_pylist()[0]
    (letter,) = typed("show", draft["draft_id"])[1]["letters"]
    assert (letter["held"], letter["batch"], letter["text"]) == (True, held.batch, draft["body"])
    assert typed("pdf", "--draft", draft["draft_id"], "--out", tmp_path / "x")[0] == 3
    assert typed("pdf", "--night", HELD, "--out", tmp_path / "x")[0] == 2
    assert typed("outbox", "--night", HELD)[0] == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nobody"), "No letter has the reference or draft_id nobody"),
        (("show", "nobody", "--as-of", "2020-01-01"), "on 2020-01-01"),
        (("pdf", "--night", "2020-01-01"), "no committed night of 2020-01-01"),
        (("pdf", "--draft", "x", "--night", FIRST), "Give one of them"),
        (("gallery", "--night", "2020-01-01"), "2020-01-01"),
    ],
)
def test_what_is_not_there_is_said(
    typed: Typed, tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    out = () if words[0] == "show" else ("--out", tmp_path / "x")
    code, told, err = typed(*words, *out)
    assert code == 2
    assert said in err
    assert told["error"]


def test_nothing_is_put_where_no_erasure_looks(home: Path, typed: Typed) -> None:
    before = sorted(home.rglob("*"))
    assert typed("pdf", "--night", FIRST, "--out", home / "out" / "letters")[0] == 2
    assert typed("gallery", "--night", FIRST, "--out", home / "letters.html")[0] == 2
    assert sorted(home.rglob("*")) == before


def test_the_outbox_of_a_past_night_is_written_again(home: Path, typed: Typed) -> None:
    path = home / "out" / FIRST.isoformat() / "outbox.jsonl"
    before = path.read_bytes()
    path.unlink()
    code, told, _ = typed("outbox", "--night", FIRST)
    assert (code, told["paths"]) == (0, [str(path)])
    assert path.read_bytes() == before


def test_letters_are_printed_a_file_each_and_those_that_no_font_shows_are_named(
    home: Path, typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = {each["draft_id"]: each["language"] for each in entries(home)}
    assert "zh" in letters.values()
    monkeypatch.setattr(fonts, "CHINESE", ())
    monkeypatch.setattr(fonts, "ORDER", {"en": fonts.LATIN, "zh": fonts.LATIN})
    code, told, err = typed("pdf", "--night", FIRST, "--out", tmp_path / "paper")
    assert code == 2
    assert set(told["not_shown"]) >= {key for key, language in letters.items() if language == "zh"}
    printed = {path.stem for path in (tmp_path / "paper").glob("*.pdf")}
    assert printed == set(letters) - set(told["not_shown"])
    assert len(printed) == told["letters"]
    assert "fonts-noto-cjk" in err
    assert f"{len(told['not_shown'])} letters were not written" in err


def test_a_gallery_has_each_kind_language_and_country_and_is_narrowed_without_a_script(
    home: Path, typed: Typed, tmp_path: Path
) -> None:
    code, told, _ = typed("gallery", "--night", FIRST, "--out", tmp_path / "a.html", "--each", "2")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    page = Page(text)
    kinds = {(each["kind"], each["language"], each["subject"]) for each in entries(home)}
    assert code == 0
    assert told["letters"] == len(entries(home))
    assert len(kinds) <= told["shown"] <= 2 * len(kinds)
    assert page.names.count("article") == told["shown"]
    assert page.names.count("h1") == 1
    assert "script" not in page.names
    ids = {given["id"] for name, given in page.tags if name == "input"}
    classes = [given["class"].split() for name, given in page.tags if name == "section"]
    assert {name for each in classes for name in each if name != "shown"} <= ids
    assert all(f"body:has(#{name}:checked) .shown:not(.{name})" in text for name in ids if len(name) > 1)
