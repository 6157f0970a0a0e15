"""The report tells a night to people who were not there, in one file, and nothing of any one borrower."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import sql.engine as sql
from linewatch.regulation_page import shipped
from tasks.draft import write_drafts
from tasks.refer import open_cases
from tasks.report import write_report
from tasks.report.figures import amount, signed, steps_told, waterfall
from tests.tasks.decisions_fixture import decrease, line, night, profile, scratch, sources
from tests.tasks.report_fixture import portfolio

VALIDATION = [
    (
        "facility",
        "the limit is never negative",
        "expect_column_values_to_be_between",
        "critical",
        True,
        True,
        0,
    ),
    ("facility", "the rate is under 100 %", "expect_column_values_to_be_between", "warning", False, True, 12),
    ("borrower", "the kind is known", "expect_column_values_to_be_in_set", "critical", True, True, 0),
    ("fx_rate", "rates are not old", "expect_column_max_to_be_between", "info", False, False, 0),
]
GUARDS = [
    {
        "guard": "decreased_share_bp",
        "value": 1250,
        "limit_value": 1000,
        "tripped": True,
        "because": "No good night cuts a tenth.",
    },
    {
        "guard": "score_psi_1_bp",
        "value": None,
        "limit_value": 2500,
        "tripped": False,
        "because": "No night before.",
    },
]


def fill(of, lines, *, guards=GUARDS):
    """Leave in the scratch what the steps before the report leave."""
    with sql.cursor(of.scratch) as db:
        scratch(
            db, lines, fx_latest=[{"currency": name, "rate_ppm": 1_000_000} for name in ("CNY", "USD", "EUR")]
        )
        db.create("schema/validation")
        db.append(
            "validation",
            [
                dict(
                    zip(
                        (
                            "table_name",
                            "expectation",
                            "kind",
                            "severity",
                            "success",
                            "evaluated",
                            "unexpected_rows",
                        ),
                        row,
                        strict=True,
                    ),
                    total_rows=48_211,
                    because="A <b>lender</b> said so.",
                )
                for row in VALIDATION
            ],
        )
        db.create("schema/quarantine")
        db.append(
            "quarantine",
            [
                {
                    "table_name": "facility",
                    "key": f"F{n}",
                    "borrower_id": f"B{n}",
                    "expectation": "the rate is under 100 %",
                }
                for n in range(12)
            ],
        )
        db.replace("guards", guards)
        db.raw.execute(
            "create or replace table scores as select borrower_id, scorecard, score, pd_bp from decisions"
        )
    write_drafts(of)
    open_cases(of)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The night and its report."""
    of = night(tmp_path_factory.mktemp("home"))
    of = replace(of, documents=replace(of.documents, sources=sources()))
    fill(of, portfolio())
    yield of, write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)


class Tables(HTMLParser):
    """The rows of every table, as text, and whether every element was closed."""

    VOID = ("meta", "br", "line", "path", "rect")

    def __init__(self, page):
        super().__init__()
        self.open, self.rows, self.cell = [], [], None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag
        if tag in ("td", "th"):
            self.rows[-1].append(" ".join(self.cell.split()))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def test_the_report_is_one_file_that_needs_nothing_else(told):
    _, page = told
    assert "://" not in page
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|<script|<link|<iframe""", page)
    assert page.count("<svg") == 9
    assert not re.search(r'\sid="', page)


def test_every_element_is_closed_and_every_chart_has_its_numbers_as_a_table(told):
    _, page = told
    tables = Tables(page)
    assert tables.open == []
    assert page.count('<figure role="img" aria-label=') == page.count("<svg")
    for after in page.split("</figure>")[1:]:
        assert "<table" in after.split("<figure")[0]


def test_the_counts_are_the_nights(told):
    of, page = told
    rows = {row[0]: row[1:] for row in reversed(Tables(page).rows) if row}
    with sql.cursor(of.scratch) as db:
        counted = db.raw.execute(
            "select action, count(*) filter (route = 'automatic'), count(*) filter (route = 'referred')"
            " from decisions group by action"
        ).fetchall()
        quarantined = db.raw.execute("select count(*) from quarantine").fetchone()[0]
        cases = db.raw.execute("select count(*) from cases where kind = 'desk_review'").fetchone()[0]
    for action, automatic, referred in counted:
        assert rows[action] == [f"{automatic:,}", f"{referred:,}", f"{automatic + referred:,}"]
    assert rows["unfreeze"] == ["0", "0", "0"]
    assert rows["desk review"][0] == f"{cases}"
    assert quarantined == 12
    assert ["facility", "the rate is under 100 %", "12"] in Tables(page).rows


def test_a_tripped_guard_and_a_promise_that_could_not_be_tried_stand_out(told):
    _, page = told
    rows = {row[0]: row[1:] for row in reversed(Tables(page).rows) if row}
    assert rows["decreased share bp tripped"][:2] == ["1,250", "1,000"]
    assert rows["score psi 1 bp"][0] == "–"
    assert ["fx_rate", "rates are not old", "info, could not be tried"] in [
        row[:3] for row in Tables(page).rows
    ]


def test_nothing_of_a_single_borrower_is_in_it(told):
    _, page = told
    for key in ("F00012", "B-F00012", "王"):
        assert key not in page
    assert re.search(
        r"<th scope=\"row\">EUR</th><td class=\"n\">1</td>\s*<td colspan=\"4\"[^>]*>fewer than 5", page
    )
    assert "The walk in EUR" not in page
    rows = Tables(page).rows
    assert [row for row in rows if row[:1] == ["relationship, exposure, regulation"]]
    assert [row for row in rows if row[:1] == ["relationship"]] == [["relationship", "22", "+CN¥20.1k"]]


def test_a_sum_in_one_currency_is_never_added_to_another(told):
    of, page = told
    with sql.cursor(of.scratch) as db:
        sums = dict(
            db.raw.execute(
                "select currency, cast(sum(limit_cents) as bigint) from decisions group by 1"
            ).fetchall()
        )
    rows = {row[0]: row for row in reversed(Tables(page).rows) if row}
    assert (rows["CNY"][2], rows["USD"][2]) == (amount(sums["CNY"], "CNY"), amount(sums["USD"], "USD"))
    assert amount(sums["CNY"] + sums["USD"], "CNY") not in page


def test_text_of_a_document_is_shown_and_not_run(told):
    _, page = told
    assert "A &lt;b&gt;lender&lt;/b&gt; said so." in page


def test_the_same_night_gives_the_same_report(told):
    of, page = told
    assert write_report(of).report.read_text(encoding="utf-8") == page


def test_a_night_that_was_stopped_early_reports_what_it_came_to(tmp_path):
    of = night(tmp_path)
    with sql.cursor(of.scratch) as db:
        db.create("schema/validation")
    page = write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)
    assert "not committed" in page
    assert "Data quality" in page
    assert "What was decided" not in page


def test_a_quiet_night_says_so(tmp_path):
    of = night(tmp_path, profile=profile().model_copy(update={"name": "示例小额贷款 <公司>"}))
    fill(of, [line(f"F{number}") for number in range(6)], guards=[])
    page = write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)
    for said in (
        "No limit falls and no line is frozen tonight.",
        "No line waits for a person tonight.",
        "No step moved a limit.",
        "示例小额贷款 &lt;公司&gt;",
    ):
        assert said in page


def test_amounts_are_told_in_three_digits():
    shown = [
        amount(cents, "CNY") for cents in (0, 99_949, 123_456_789, 1_000_000_00, -98_765_432_100, 10**14)
    ]
    assert shown == ["CN¥0", "CN¥999", "CN¥1.23M", "CN¥1.00M", "-CN¥988M", "CN¥1,000bn"]
    assert (signed(100_000, "JPY"), signed(-100_000, "JPY"), signed(0, "JPY")) == ("+¥100k", "-¥100k", "0")


STEPS = [
    {"ordinal": 2, "step": "strategy", "moved_cents": -300_00, "borrowers": 40},
    {"ordinal": 5, "step": "expected_loss", "moved_cents": 0, "borrowers": 0},
    {"ordinal": 6, "step": "stability", "moved_cents": 40_00, "borrowers": 9},
    {"ordinal": 7, "step": "exposure", "moved_cents": -50_00, "borrowers": 2},
    {"ordinal": 9, "step": "floor", "moved_cents": 20_00, "borrowers": 1},
]


def test_the_waterfall_adds_up_and_tells_nothing_that_few_borrowers_moved():
    told = steps_told(STEPS)
    assert [(step["step"], step["borrowers"], step["moved_cents"]) for step in told] == [
        ("strategy", 40, -300_00),
        ("stability, exposure, floor", 12, 10_00),
    ]
    bars = waterfall({"currency": "CNY", "limit_cents": 1_000_00}, told)
    assert [(bar.name, bar.start, bar.end) for bar in bars] == [
        ("limits now", 0, 1000),
        ("strategy", 1000, 700),
        ("stability, exposure, floor", 700, 710),
        ("proposed", 0, 710),
    ]


def test_where_only_few_borrowers_moved_no_step_is_told():
    assert steps_told(STEPS[3:]) == []
    assert steps_told(STEPS[1:2]) == []


@pytest.mark.browser
def test_the_report_opens_in_a_browser_without_the_network(told, browser, tmp_path):
    of, _ = told
    picture = tmp_path / "report.png"
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--screenshot={picture}",
            "--window-size=1100,5000",
            (of.out / "report.html").as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert picture.stat().st_size > 100_000
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)


def test_one_decrease_alone_is_reported_without_its_amount(tmp_path):
    of = night(tmp_path)
    fill(of, [decrease("F1", limit_cents=7_777_700, proposed_limit_cents=3_333_300)], guards=[])
    page = write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)
    for trace in ("77,777", "33,333", "77.8k", "33.3k", "44.4k"):
        assert trace not in page


def test_a_change_of_few_borrowers_among_many_is_not_told(tmp_path):
    of = night(tmp_path)
    cut = decrease("F1", limit_cents=7_777_700, proposed_limit_cents=3_333_300)
    fill(of, [cut, *(line(f"S{number}", limit_cents=7_777_700) for number in range(20))], guards=[])
    page = write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)
    assert "Fewer than 5 borrowers were moved." in page
    assert ["CNY", "21", "CN¥1.63M", "CN¥63.0k", *["fewer than 5 borrowers"] * 2] in Tables(page).rows
    for trace in ("44.4k", "33.3k", "44,444"):
        assert trace not in page


def test_the_report_lists_the_law_in_force_and_hides_what_one_borrower_gave(tmp_path):
    packs = {pack.id: pack for pack in shipped()}
    of = night(tmp_path, packs=packs)
    record = "cn-microlender-cost-24pct"
    fill(of, [*portfolio(20), line("dear", law_records=[record])])
    try:
        text = write_report(of).report.read_text(encoding="utf-8")
    finally:
        sql.close_engine(of.scratch)
    (row,) = re.findall(rf"<tr><th scope=\"row\">{record}.*?</tr>", text)
    assert row.endswith('<td class="n">1</td><td class="n">fewer than 5 borrowers</td></tr>')
    assert "The pack cn was not approved by counsel within the last twelve months." in text


def test_a_cause_that_only_cuts_or_only_raises_is_told(tmp_path):
    of = night(tmp_path / "home")
    of = replace(of, documents=replace(of.documents, sources=sources()))
    cuts = [each for each in portfolio(600) if each["action"] == "decrease" and each["route"] == "automatic"]
    fill(of, [each for each in cuts if each["currency"] == "CNY"])
    with sql.cursor(of.scratch) as db:
        db.create("schema/cause_of_line")
    page = write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)
    (carried,) = [row for row in Tables(page).rows if row[:1] == ["carried"]]
    assert carried[1].startswith("-")
    assert carried[2] == "0"


def test_a_way_back_is_told_by_segment(tmp_path):
    of = night(tmp_path / "home")
    of = replace(of, documents=replace(of.documents, sources=sources()))
    cuts = [each for each in portfolio(600) if each["action"] == "decrease" and each["route"] == "automatic"]
    fill(of, cuts)
    ways = (
        ("promise", "on_time", 1),
        ("indication", "pay_down_on_time", -1),
        ("no_further", "pay_down_on_time", -2),
        ("nothing", "support", None),
    )
    with sql.cursor(of.scratch) as db:
        db.create("schema/advice")
        db.append(
            "advice",
            [
                {
                    "facility_id": each["facility_id"],
                    "standing": standing,
                    "code": code,
                    "limit_cents": None if more is None else each["limit_cents"] + more,
                }
                for each, (standing, code, more) in zip(cuts[:4], ways, strict=True)
            ],
        )
    page = write_report(of).report.read_text(encoding="utf-8")
    sql.close_engine(of.scratch)
    rows = Tables(page).rows
    ways_back = ["Limit back", "A better one", "No further cut", "Support", "Nothing now", "Promised"]
    heads = ["Segment", "Cut", *ways_back]
    at = rows.index(heads)
    told = [[int(cell) for cell in row[1:]] for row in rows[at + 1 :] if len(row) == len(heads)][:4]
    assert [sum(column) for column in zip(*told, strict=True)] == [4, 1, 1, 1, 1, 0, 1]
