"""Is the human review real? Every figure of a small lender's report, counted by hand."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import open_ledger
from linewatch.errors import NotFound
from tasks.report.figures import duration, percent
from tasks.report.oversight import report_review
from tasks.report.oversight_words import words
from tasks.status import status
from tasks.status import words as status_words
from tests.tasks.decisions_fixture import AS_OF
from tests.tasks.review_fixture import (
    NAMES,
    NEWEST,
    READ_ON,
    act,
    at,
    first_night,
    read_home,
    said,
)
from tests.tasks.test_report import Tables


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return read_home(tmp_path_factory.mktemp("read") / "home")


@pytest.fixture(scope="module")
def told(home: Path) -> dict[str, Any]:
    return dict(report_review(home).content)


@pytest.fixture(scope="module")
def page(home: Path, told: dict[str, Any]) -> str:
    return (home / "out" / str(NEWEST) / "review.html").read_text(encoding="utf-8")


def row(name: str, lines: int, borrowers: int, overridden: int, share_bp: int) -> dict[str, Any]:
    return {
        "code": name,
        "lines": lines,
        "borrowers": borrowers,
        "overridden": overridden,
        "share_bp": share_bp,
    }


def test_overridden_is_what_is_answered_otherwise_than_proposed(told: dict[str, Any]) -> None:
    """Of 19 lines with a proposal F02 is decided twice; F01, F02, F02, F03, F11 and F17 are overridden, and
    F04 is given the limit that was proposed. Of F20 nothing was proposed.
    """
    assert told["overridden"] == {
        "decisions": 21,
        "cases": 20,
        "lines": 20,
        "borrowers": 19,
        "overridden": 6,
        "share_bp": 3000,
        "shown": True,
    }


def test_triggers_and_grades_of_few_borrowers_stand_in_a_row_with_the_smallest_of_the_others(
    told: dict[str, Any],
) -> None:
    assert told["by_trigger"] == [
        row("large_decrease", 17, 16, 5, 2941),
        row("fraud_suspected, human_review, pd_near_edge", 9, 9, 2, 2222),
    ]
    assert told["by_grade"] == [row("C, F", 9, 9, 2, 2222), row("E", 11, 10, 4, 3636)]


def test_each_reader_is_told_of_unless_they_read_of_few_borrowers(told: dict[str, Any]) -> None:
    """li overrides F11, F17, and in second readings F01, F03, F07; was fast with F17 and F19, wu with F01."""
    names = "lines borrowers overridden share_bp readings fast fast_share_bp"
    names += " first_readings second_readings put_off"
    expected = {
        "li": (17, 17, 5, 2941, 18, 2, 1111, 10, 8, 0),
        "wu": (10, 10, 3, 3000, 10, 1, 1000, 10, 0, 1),
    }
    assert told["readers"] == [
        *(
            {"reader": reader, **dict(zip(names.split(), values, strict=True)), "shown": True}
            for reader, values in expected.items()
        ),
        {"reader": "chen", "shown": False},
    ]


def test_time_runs_from_when_a_case_was_taken_or_else_from_when_it_waits(told: dict[str, Any]) -> None:
    """Taken: 20, 29, 140, 260, 380, 500, 620, 740, 860, 980 and 1,100 seconds. Not taken: seven from when
    they were opened, Saturday 01:15, to Monday 03:00, and F02 fifty-five minutes after the disagreement.
    """
    desk = {"kind": "desk_review", "shown": True}
    assert told["times"] == [
        {**desk, "taken": True, "decisions": 11, "borrowers": 11, "median_s": 500, "ninetieth_s": 980},
        {**desk, "taken": False, "decisions": 8, "borrowers": 8, "median_s": 179_100, "ninetieth_s": 179_100},
        {"kind": "interview", "taken": True, "shown": False},
    ]


def test_faster_than_plausible_is_what_nobody_can_have_spent(told: dict[str, Any]) -> None:
    """F01 in 20 seconds and F19 in 29 of 30; F17 in 120 of 180. The file of seven took a day and is not."""
    assert told["pace"] == {
        "readings": 29,
        "borrowers": 20,
        "fast": 3,
        "share_bp": 1034,
        "shown": True,
        "kinds": [
            {
                "kind": "desk_review",
                "plausible_s": 30,
                "readings": 27,
                "borrowers": 18,
                "fast": 2,
                "share_bp": 740,
                "shown": True,
            },
            {"kind": "interview", "plausible_s": 180, "shown": False},
        ],
    }


def test_cases_answered_at_once_share_their_time_and_none_was_read_before_the_last_answer(
    tmp_path: Path,
) -> None:
    """Ten taken at one and sent in one file four minutes later: 24 seconds each. Two taken at one, too, and
    answered at two and 20 seconds after two; these 20 seconds are all that the second can have had.
    """
    ledger = first_night(tmp_path / "home")
    act(ledger, at("01:00:00"), *((name, "claimed", "wu", {}) for name in NAMES[:12]))
    answers = [(name, "decided", "wu", said(name, "keep", second_look="")) for name in NAMES[:12]]
    act(ledger, at("01:04:00"), *answers[:10])
    act(ledger, at("02:00:00"), answers[10])
    act(ledger, at("02:00:20"), answers[11])
    told = report_review(ledger.home).content
    assert (told["pace"]["readings"], told["pace"]["fast"]) == (12, 11)
    assert told["times"][0]["median_s"] == 240


def test_two_readers_agree_on_five_of_eight(told: dict[str, Any]) -> None:
    """First keep 2, another 2, approve 4; second keep 2, another 1, approve 5: (5 x 8 - 26) / (64 - 26)."""
    assert told["twice"] == {
        "lines": 8,
        "shown": True,
        "agreed": 5,
        "share_bp": 6250,
        "kappa_hundredths": 36,
        "table": [
            {"first": "approve", "second": {"approve": 3, "keep": 1, "another_limit": 0}},
            {"first": "keep", "second": {"approve": 1, "keep": 1, "another_limit": 0}},
            {"first": "another_limit", "second": {"approve": 1, "keep": 0, "another_limit": 1}},
        ],
    }


def test_what_became_of_lines_is_told_once_the_days_have_passed(told: dict[str, Any]) -> None:
    """Overridden and standing: F01, F02 by chen, F03, F11, F17. As proposed: F05, F06, F08, F09, F10, F12 to
    F16, F18. F11 and F06 become late, F14 a day after the ninetieth; F09 was. F08 is decreased, F02 on the
    hundred and eightieth day; F05 by its own settlement alone. F12 is closed, F15 later, F16 too late, and
    F13 only left out by the source.
    """
    names = "borrowers lines not_late became_late late_share_bp"
    names += " decreased decreased_share_bp closed closed_share_bp"
    expected = {
        (90, True): (5, 5, 5, 1, 2000, 0, 0, 0, 0),
        (90, False): (11, 11, 10, 1, 1000, 1, 909, 1, 909),
        (180, True): (5, 5, 5, 1, 2000, 1, 2000, 0, 0),
        (180, False): (11, 11, 10, 2, 2000, 1, 909, 2, 1818),
    }
    assert told["became"]["nights"] == 6
    assert [each for each in told["became"]["rows"] if each["shown"]] == [
        {
            "days": days,
            "is_decrease": True,
            "overridden": overridden,
            **dict(zip(names.split(), values, strict=True)),
            "shown": True,
        }
        for (days, overridden), values in expected.items()
    ]
    assert [each for each in told["became"]["rows"] if not each["shown"]] == [
        {"days": days, "is_decrease": False, "overridden": False, "shown": False} for days in (90, 180)
    ]


def test_what_is_before_each_team(told: dict[str, Any]) -> None:
    """Fifty cases came in the 196 days after the first night, one of them a call. Of the first night's F04
    and F07 wait for an answer and F10 for a second look; all are late, as is N01. N07 is due on a Saturday.
    """
    field, contact, desk = told["ahead"]
    days = desk["days"]
    assert {name: value for name, value in desk.items() if name != "days"} == {
        "team": "desk",
        "kind": "desk_review",
        "open": 52,
        "second_look": 1,
        "ready": 14,
        "new_a_day_hundredths": 25,
        "capacity": 4,
        "short_on": "2027-06-08",
    }
    assert [(each["day"][8:], each["due_hundredths"], each["due_until_hundredths"]) for each in days] == [
        ("07", 400, 400),
        ("08", 500, 900),
        ("09", 50, 950),
        ("10", 25, 975),
        ("11", 125, 1100),
        ("14", 25, 1125),
        ("15", 25, 1150),
        ("16", 75, 1225),
        ("17", 25, 1250),
        ("21", 25, 1275),  # the eighteenth is a holiday
    ]
    assert [each["can_until_hundredths"] for each in days[:2]] == [400, 800]
    assert (contact["open"], contact["ready"], contact["capacity"], contact["short_on"]) == (1, 2, None, None)
    assert [each["due_until_hundredths"] for each in contact["days"]] == [*[0] * 9, 100]
    assert (field["open"], field["capacity"], field["short_on"]) == (0, 1, None)


def test_a_lender_of_twenty_lines_rings_no_alarm(told: dict[str, Any]) -> None:
    assert told["alarms"] == []


def test_answers_count_from_a_day_of_the_lenders_own_calendar(tmp_path: Path) -> None:
    """Half past four in the afternoon of UTC is the next day in Shanghai."""
    ledger = first_night(tmp_path / "home")
    act(ledger, at("15:59:59"), ("F01", "decided", "wu", said("F01", "keep", second_look="")))
    act(ledger, at("16:00:00"), ("F02", "decided", "wu", said("F02", "keep", second_look="")))
    found = [
        report_review(ledger.home, READ_ON + timedelta(days=days)).content["overridden"]["decisions"]
        for days in (0, 1, 2)
    ]
    assert found == [2, 1, 0]


def test_a_night_that_nobody_has_answered_says_so(tmp_path: Path) -> None:
    home = first_night(tmp_path / "home").home
    made = report_review(home)
    assert made.page == home / "out" / str(AS_OF) / "review.html"
    text = made.page.read_text(encoding="utf-8")
    for words_of_it in (
        "No alarm.",
        "None of 5 borrowers or more.",
        "Nobody has answered anything.",
        "Nothing was decided.",
        "No line was read twice.",
        "No decision is ninety days old.",
        "18 wait (0 for a second look), 0 for the next settlement. How many come is not known yet.",
    ):
        assert words_of_it in text
    assert made.content["overridden"] == {"decisions": 0, "cases": 0, "shown": False}
    assert "  overridden   of too few borrowers to tell" in words(made.content, made.page)
    with pytest.raises(NotFound):
        report_review(tmp_path / "nowhere")


def test_one_who_only_agrees_is_told_of_on_the_page_in_the_terminal_and_by_status(tmp_path: Path) -> None:
    """Sixty readings of the same five lines, which another never decides, one a second after the first."""
    ledger = first_night(tmp_path / "home")
    assert status(ledger.home, READ_ON)["review"] is None
    assert report_review(ledger.home).content["alarms"] == []
    assert status(ledger.home, READ_ON)["review"]["alarms"] == []
    assert "review  " not in status_words(status(ledger.home, READ_ON))
    when = at("01:00:00")
    for _ in range(12):
        for name in NAMES[:5]:
            done = [("decided", "Wu", said(name, "approve", second_look="sampled"))]
            done += [("disagreed", "li", said(name, "ask_more"))]
            for kind, by, content in done:
                when += timedelta(seconds=1)
                act(ledger, when, (name, kind, by, content))
    made = report_review(ledger.home)
    only, fast, disagree = made.content["alarms"]
    assert only == {
        "code": "only_agrees",
        "who": "Wu",
        "words": "of 60 lines, 0 were not answered as the machine proposed",
    }
    assert (fast["code"], fast["who"]) == ("too_fast", "everybody")
    assert fast["words"] == "119 of 120 readings (99 %) were faster than plausible"
    assert (disagree["code"], disagree["words"]) == ("readers_disagree", "kappa 0.00 of 60 lines read twice")
    line = "only agrees, Wu: of 60 lines, 0 were not answered as the machine proposed"
    assert f"  alarm        {line}" in words(made.content, made.page)
    assert f"  review       {line} (report of {AS_OF})" in status_words(status(ledger.home, READ_ON))
    assert "<b>only agrees: Wu.</b> Of 60 lines, 0 were not" in made.page.read_text(encoding="utf-8")


def test_nothing_of_a_borrower_or_a_line_is_in_it(home: Path, told: dict[str, Any], page: str) -> None:
    kept = (home / "out" / str(NEWEST) / "review.json").read_text(encoding="utf-8")
    assert json.loads(kept) == told
    cases = {case.case_id for case in open_ledger(home).cases.open()}
    for trace in (*NAMES, "B-F", "N07", "Zqx", "1,200,000", "800000", *cases):
        assert trace not in page
        assert trace not in kept


def test_the_page_is_one_file_that_needs_nothing_else_and_has_each_chart_as_a_table(page: str) -> None:
    assert "://" not in page
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|<script|<link|<iframe""", page)
    tables = Tables(page)
    assert tables.open == []
    assert page.count("<svg") == page.count('<figure role="img" aria-label=') == 4
    for after in page.split("</figure>")[1:]:
        assert "<table" in after.split("<figure")[0]
    assert ["large decrease", "17", "16", "5", "29.41 %"] in tables.rows
    assert ["chen", "fewer than 5 borrowers"] in tables.rows
    assert ["desk review", "waiting", "8", "2 d 1 h", "2 d 1 h"] in tables.rows
    assert [
        "90",
        "decrease",
        "overridden",
        "5",
        "1 of 5",
        "20.00 %",
        "0",
        "0.00 %",
        "0",
        "0.00 %",
    ] in tables.rows
    assert ["2027-06-08", "5.00", "9.00", "8.00"] in tables.rows
    assert "At 4 a day more is due by 2027-06-08 than can have been done." in page


def test_the_main_figures_in_a_terminal(told: dict[str, Any]) -> None:
    assert words(told, Path("review.html")).splitlines() == [
        "Night of 2027-06-04, answers since 2026-06-04; cases decided: 20",
        "  alarm        none",
        "  overridden   30.00 %: 6 of 20 lines with a proposal",
        "  time         desk review, taken: half in 8 min 20 s, nine tenths in 16 min 20 s (11 decisions)",
        "  time         desk review, waiting: half in 2 d 1 h, nine tenths in 2 d 1 h (8 decisions)",
        "  too fast     10.34 %: 3 of 29 readings",
        "  read twice   8 lines, the same on 62.50 %, kappa 0.36",
        "  field        0 wait, 0.00 a day come, 1 a day are enough",
        "  contact      1 wait, 0.00 a day come, what can be done is not said",
        "  desk         52 wait, 0.25 a day come, at 4 a day short on 2027-06-08",
        "  page         review.html",
    ]


def test_the_same_record_gives_the_same_report(home: Path, told: dict[str, Any], page: str) -> None:
    again = report_review(home)
    assert again.content == told
    assert again.page.read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "–"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_605, "1 h"),
        (93_784, "1 d 2 h"),
        (863_999, "9 d 23 h"),
    ],
)
def test_how_long_is_told_in_two_units(seconds: int | None, shown: str) -> None:
    assert duration(seconds) == shown


def test_shares_are_told_in_hundredths_of_a_percent() -> None:
    assert [percent(share) for share in (None, 0, 5, 1234, 10_000)] == [
        "–",
        "0.00 %",
        "0.05 %",
        "12.34 %",
        "100.00 %",
    ]


@pytest.mark.browser
def test_the_page_opens_in_a_browser(home: Path, page: str, browser: str, tmp_path: Path) -> None:
    picture = tmp_path / "review.png"
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    command += [f"--screenshot={picture}", "--window-size=1100,4000"]
    made = home / "out" / str(NEWEST) / "review.html"
    subprocess.run([*command, made.as_uri()], check=True, capture_output=True, timeout=120)
    assert picture.stat().st_size > 100_000
