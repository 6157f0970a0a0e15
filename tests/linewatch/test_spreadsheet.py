"""Text in a CSV: no spreadsheet runs it, whatever it takes for a separator, and it comes back as it was."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.spreadsheet import as_it_was, safe

HOSTILE = st.text(st.sampled_from("=+-@＝＋－＠'\",;| \t\r\n\0\ufeff\u200b\u3000aB1"), max_size=12)
FORMULA = re.compile("[\\s\0\ufeff\u200b]*[=+\\-@＝＋－＠]")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("F-1", "F-1"),
        ("it's", "it's"),
        ("", ""),
        ("=1+1", "'=1+1"),
        (" =1", "' =1"),
        ("\ttab", "'\ttab"),
        ("\ufeff＝1", "'\ufeff＝1"),
        ("'=1", "''' =1".replace(" ", "")),
        ("a;=1", "a;'=1"),
        ('a"  ＋1', "a\"  '＋1"),
        ("a; b", "a; b"),
    ],
)
def test_an_apostrophe_stands_before_what_begins_a_formula_and_nowhere_else(text: str, written: str) -> None:
    assert safe(text) == written
    assert as_it_was(written) == text


@pytest.mark.parametrize("text", ["'tis", "'", "rock 'n' roll", "'a;=1 without ours inside"])
def test_what_others_wrote_stays_as_it_is(text: str) -> None:
    assert as_it_was(text) == text


@given(HOSTILE | st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert as_it_was(safe(text)) == text


@given(st.lists(HOSTILE, min_size=1, max_size=4), st.sampled_from(",;\t|"))
def test_no_cell_is_a_formula_whatever_is_taken_for_the_separator(texts: list[str], separator: str) -> None:
    file = StringIO(newline="")
    csv.writer(file).writerow([safe(text) for text in texts])
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        read = csv.reader(StringIO(file.getvalue(), newline=""), delimiter=separator, quoting=quoting)
        cells = [cell for row in read for cell in row]
        assert [cell for cell in cells if FORMULA.match(cell)] == []
