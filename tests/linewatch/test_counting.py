"""One of a thing is not told as several."""

from __future__ import annotations

from linewatch.counting import counted, were


def test_what_is_counted_stands_in_its_number() -> None:
    assert [counted(count, "line") for count in (0, 1, 2, 1_200)] == [
        "0 lines",
        "1 line",
        "2 lines",
        "1,200 lines",
    ]
    assert [counted(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]
    assert [were(count) for count in (0, 1, 2)] == ["were", "was", "were"]
