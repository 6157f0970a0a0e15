"""Lines are added up in one currency, and an amount that may be in another bears none."""

from __future__ import annotations

from typing import Any

import pytest

from linewatch.reporting import reporting_currency


def line(currency: str, *, rated: bool) -> dict[str, Any]:
    return {"currency": currency, "has_rate": rated}


@pytest.mark.parametrize(
    ("lines", "stated", "found"),
    [
        ([line("CNY", rated=False), line("USD", rated=True)], None, "CNY"),
        ([line("CNY", rated=False), line("USD", rated=True)], "CNY", "CNY"),
        ([line("CNY", rated=False), line("USD", rated=True)], "EUR", None),
        ([line("USD", rated=True)], None, "USD"),
        ([line("SGD", rated=True), line("USD", rated=True)], "CNY", "CNY"),
        ([line("SGD", rated=True), line("USD", rated=True)], None, None),
        ([line("SGD", rated=False), line("USD", rated=False)], None, None),
        ([], None, None),
        ([], "CNY", "CNY"),
    ],
)
def test_the_currency_is_the_profiles_the_lines_own_or_that_of_the_rates(
    lines: list[dict[str, Any]], stated: str | None, found: str | None
) -> None:
    assert reporting_currency(lines, stated) == found
