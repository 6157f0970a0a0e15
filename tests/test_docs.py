"""Documents stay true: links lead somewhere, commands can be typed, every code has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from cyclopts import App

from flows.cli import app
from ledger.schema import metadata
from linewatch import codes, facts, keys, regulation_page
from linewatch.documents import load_documents
from linewatch.notice import ACTIONS, STEPS
from linewatch.reasons import HOLDS, REASONS, TRIGGERS
from sql import walk
from sql.engine import Engine
from tasks.publish import COLUMNS
from tests.decisions.small_lender import AS_OF, SmallLender

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*(page for page in (ROOT / "README.md", ROOT / "CHANGELOG.md") if page.exists())]
PAGES += sorted(DOCS.rglob("*.md"))
WIDEST = 120
ALWAYS = {"--help", "-h", "--version"}

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}(linewatch .*)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    return _INLINE.sub("", _FENCE.sub("", text))


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Path and anchor of every link that stays in this repository."""
    for target in _LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page: Path) -> set[str]:
    """What the headings of a page can be linked by."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: Path) -> Iterator[list[str]]:
    """The words of every `linewatch …` that a page shows, in a block or inside a sentence."""
    text = page.read_text(encoding="utf-8")
    for block in [*_FENCE.findall(text), *_INDENTED.findall(text)]:
        for line in block.replace("\\\n", " ").splitlines():
            words = line.split("#")[0].removeprefix("$ ").split()
            if words and words[0].removeprefix(".venv/bin/") == "linewatch":
                yield words[1:]
    for said in _INLINE.findall(_FENCE.sub("", text)):
        if said.startswith("linewatch "):
            yield said.split()[1:]


def options_of(command: App) -> set[str]:
    return {name for argument in command.assemble_argument_collection() for name in argument.names} | ALWAYS


def faults_of(words: list[str]) -> list[str]:
    """What of a command line the program does not know."""
    path, apps, rest = app.parse_commands(words)
    shown = " ".join(["linewatch", *words])
    if not path and not set(words) <= ALWAYS:
        return [f"{shown}: no such command"]
    if set(apps[-1]) - ALWAYS and rest and not rest[0].startswith("-"):
        return [f"{shown}: no such command"]
    known = options_of(apps[-1])
    used = [word.strip("[]|").partition("=")[0] for word in rest if word.strip("[]|").startswith("-")]
    return [f"{shown}: no option {option}" for option in used if option not in known]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_something_that_is_there(page: Path):
    dead = []
    for path, anchor in links(page):
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            dead.append(path)
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            dead.append(f"{path}#{anchor}")
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_shown_can_be_typed(page: Path):
    assert [fault for words in commands(page) for fault in faults_of(words)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_line_of_text_fits_the_screen(page: Path):
    """Rows of a table cannot be broken and may be wider."""
    lines = page.read_text(encoding="utf-8").splitlines()
    wide = [at for at, line in enumerate(lines, start=1) if len(line) > WIDEST and not line.startswith("|")]
    assert wide == []


def test_every_page_is_found_from_the_index():
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [(page.parent / path).resolve() for path, _ in links(page) if path]
    assert [name_of(page) for page in sorted(DOCS.rglob("*.md")) if page not in reached] == []


def test_a_command_that_does_not_exist_is_seen():
    assert faults_of(["nicht"]) == ["linewatch nicht: no such command"]
    assert faults_of(["queue", "burn"]) == ["linewatch queue burn: no such command"]
    assert faults_of(["status", "--colour"]) == ["linewatch status --colour: no option --colour"]
    assert faults_of(["night", "--as-of", "2026-11-21", "--source", "DIR", "[--json]"]) == []


def test_the_page_of_codes_is_current():
    page = (DOCS / "codes.md").read_text(encoding="utf-8")
    assert page == codes.page(), "python -m linewatch.codes > docs/codes.md"


def test_the_page_of_conditions_is_current():
    page = (DOCS / "conditions.md").read_text(encoding="utf-8")
    assert page == facts.page(), "python -m linewatch.facts > docs/conditions.md"


def test_the_page_of_documents_is_current():
    page = (DOCS / "documents.md").read_text(encoding="utf-8")
    assert page == keys.page(), "python -m linewatch.keys > docs/documents.md"


def test_every_record_of_law_is_on_its_page_as_its_pack_has_it():
    page = (DOCS / "regulation.md").read_text(encoding="utf-8")
    assert page == regulation_page.page(), "python -m linewatch.regulation_page > docs/regulation.md"


def test_every_key_of_a_document_says_what_it_means():
    page = (DOCS / "documents.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `.*$", page, re.MULTILINE)
    assert len(rows) > 100
    assert [row for row in rows if re.search(r"\| +\|$", row)] == []


def test_the_tables_of_the_ledger_are_on_the_page_of_the_home():
    page = (DOCS / "home.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (`.*`) \|$", page.split("### ")[0], re.MULTILINE)
    shown = {table: _INLINE.findall(columns) for table, columns in rows}
    assert shown == {table.name: table.columns.keys() for table in metadata.sorted_tables}


def test_the_columns_of_a_batch_are_on_the_page_of_the_home():
    page = (DOCS / "home.md").read_text(encoding="utf-8")
    for name, columns in columns_of_a_batch().items():
        part = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
        assert re.findall(r"^\| `(\w+)`(?: ●)? \| ([^|]+) \|", part, re.MULTILINE) == columns, name
    assert re.findall(r"^\| `(\w+)` ●", page, re.MULTILINE) == COLUMNS


def columns_of_a_batch() -> dict[str, list[tuple[str, str]]]:
    """Name and type of every column that the statements of sql/records give, by file."""
    lender = SmallLender(threads=1)
    lender.borrower()
    lender.line()
    found = {}
    with Engine(None, threads=1) as engine, engine.cursor() as db, engine.cursor("aside") as aside:
        lender.fill(db)
        walk.prepare(db, lender.documents.policy.tables(), lender.caps(db))
        walk.decide(db, aside)
        for table in ("drafts", "cause_of_line"):
            db.create(f"schema/{table}")
        db.view("records/changing_line")
        for name, params in (
            ("decisions", {}),
            ("changes", {"kind": "night", "night": AS_OF, "as_of": AS_OF, "batch": "one"}),
            ("drafts", {}),
        ):
            found[name] = [
                (column.name, said_of(column.type)) for column in db.arrow(f"records/{name}", **params).schema
            ]
    return found


def said_of(type: pa.DataType) -> str:
    """A column's type as the pages name it."""
    if pa.types.is_list(type):
        inner = type.value_type
        fields = ", ".join(field.name for field in inner) if pa.types.is_struct(inner) else ""
        return f"list of ({fields})" if fields else f"list of {said_of(inner)}"
    words = {"string": "text", "int32": "integer", "int64": "bigint", "bool": "flag", "date32[day]": "day"}
    return words[str(type)]


def test_every_code_and_segment_is_explained():
    explained = {
        word
        for name in ("glossary.md", "policy.md", "codes.md")
        for said in _INLINE.findall((DOCS / name).read_text(encoding="utf-8"))
        for word in re.findall(r"[a-z0-9_]+", said)
    }
    segments = [segment.name for segment in load_documents(date(2026, 11, 21)).policy.segment]
    wanted = {*ACTIONS, *STEPS, *REASONS, *HOLDS, *TRIGGERS, *segments}
    assert sorted(wanted - explained) == []


def test_every_term_of_the_glossary_has_its_chinese():
    rows = [
        line for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "
    ]
    terms = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    heads = [cells for cells in terms if "中文" in cells]
    assert heads
    no_chinese = [
        cells[0] for cells in terms if cells not in heads and not re.search(r"[\u4e00-\u9fff]", cells[1])
    ]
    assert no_chinese == []


def test_no_term_stands_twice_in_the_glossary():
    text = (DOCS / "glossary.md").read_text(encoding="utf-8").split("### ")[0]
    terms = re.findall(r"^\| ([^`|]+) \|", text, re.MULTILINE)
    terms = [term for term in terms if term != "term"]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


def test_every_decision_record_has_its_four_parts():
    numbers = []
    for page in sorted((DOCS / "adr").glob("[0-9]*.md")):
        text = page.read_text(encoding="utf-8")
        numbers.append(int(page.name[:4]))
        assert text.startswith(f"# {numbers[-1]}. "), page.name
        assert "\nStatus: " in text, page.name
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], page.name
    assert numbers == list(range(1, len(numbers) + 1))
