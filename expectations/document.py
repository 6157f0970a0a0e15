"""Write docs/expectations.md from the suites: `python -m expectations.document`."""

from __future__ import annotations

from pathlib import Path

from expectations.promises import SEVERITIES, Promise, promises, tables

PAGE = Path(__file__).parents[1] / "docs" / "expectations.md"
HEAD = """# What is promised of the data

Made by `python -m expectations.document` from the suites in `expectations/suites`; a test holds it
current.

Great Expectations tries these inside the night's own DuckDB, the *structural* ones on the source's
columns as they came, the *value* ones on the typed rows. Their columns are explained in
[data-contract.md](data-contract.md).

- **critical** stops the night before anything is decided (exit 2): the message names table,
  expectation, counts, the first bad keys and what to do now.
- **warning** sets the rows that broke it aside, with the expectation's name; if more rows than its
  limit break it, the night is refused as well. The limit is the larger of a count and a share of
  the table's rows.
- **info** is reported and changes nothing.

An expectation that could not be evaluated also stops the night, in other words: that is our fault
or the table's shape, and says nothing about the rows. Tables that are absent or empty are not
tried.

To change a promise, edit its suite, write a case that breaks it and one on its border in
`tests/expectations/cases`, and run the command above.
"""


def page() -> str:
    """The whole page."""
    every = [promise for table in tables() for promise in promises(table)]
    counts = ", ".join(
        f"{sum(promise.severity == severity for promise in every)} {severity}" for severity in SEVERITIES
    )
    kinds = len({promise.kind for promise in every})
    summary = f"\n{len(every)} expectations of {kinds} kinds: {counts}.\n"
    return HEAD + summary + "".join(_section(table) for table in tables())


def _section(table: str) -> str:
    rows = "".join(_row(promise) for promise in promises(table))
    return f"\n## {table}\n| expectation | kind | severity | limit | because |\n|---|---|---|---|---|\n{rows}"


def _row(promise: Promise) -> str:
    kind = promise.kind.removeprefix("expect_").removesuffix("_expectation").replace("_", " ")
    return f"| {promise.name} | {kind} | {promise.severity} | {promise.limit} | {promise.because} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
