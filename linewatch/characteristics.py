"""The characteristics: what each column of the feature tables means, from one file (characteristics.toml).

`python -m linewatch.characteristics > docs/characteristics.md` writes the page that people read.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from linewatch.errors import DocumentRefused
from linewatch.scorecard import Scorecard

FROZEN = ConfigDict(frozen=True, extra="forbid")
FILE = Path(__file__).with_suffix(".toml")
Subject = Literal["consumer", "enterprise"]
SUBJECTS: tuple[Subject, ...] = ("consumer", "enterprise")
PAGE = """\
# Characteristics

What a scorecard may read of a borrower, each night as at `as_of`. This page is made from
`linewatch/characteristics.toml` by `python -m linewatch.characteristics > docs/characteristics.md`;
a test holds that file, the statements under `sql/features/` and this page together.
This is version {version} of the definitions.

- Amounts are whole minor units, shares basis points (bp, 10000 is the whole). Every value is a whole number.
- A **closed month** has ended by `as_of`. A window counts calendar months back from the last of them;
  months that the source does not give are left out.
- **Unknown** is null and never zero. A scorecard has points for it, equal to the reference, so that it
  neither cuts nor freezes a line by itself; too much of it sends a line to a person.
- Ratios beyond their range count as its end.
- `social_link`, `control_link` and `protected_attribute` are read by no statement of `sql/features/`.

## Drivers

| driver | a value changes with |
|---|---|
{drivers}
{tables}

## The fixed currency scale

What one minor unit weighs, in hundred-thousandths of a US dollar: round numbers near long-run rates. It
lets a borrower's lines of several currencies be added up and the size of a line be compared. It prices
nothing, and no score moves with an exchange rate.

| currency | weight |
|---|---:|
{scale}
"""


class Definition(BaseModel):
    """One characteristic of a borrower."""

    model_config = FROZEN

    name: str
    subjects: tuple[Subject, ...] = Field(min_length=1)
    """Whose feature table has it: features_consumer, features_enterprise or both."""
    group: str
    unit: str
    window: str
    driver: Literal["conduct", "elapsed_time", "security", "related", "market"]
    lowest: int
    highest: int
    means: str
    unknown: str
    """When the value is null. A scorecard gives the unknown its own points."""


class Characteristics(BaseModel):
    """Every definition, with the scale on which amounts of several currencies are added."""

    model_config = FROZEN

    version: int
    currency_scale: dict[str, int]
    """Currency to the weight of one minor unit, in hundred-thousandths of a US dollar."""
    driver: dict[str, str]
    characteristic: tuple[Definition, ...]

    def of(self, subject: str) -> tuple[Definition, ...]:
        """The columns of `features_<subject>` after borrower_id."""
        return tuple(item for item in self.characteristic if subject in item.subjects)

    def scale_rows(self) -> list[dict[str, str | int]]:
        """Rows of the table `currency_scale`."""
        return [
            {"currency": name, "weight": self.currency_scale[name]} for name in sorted(self.currency_scale)
        ]


@cache
def characteristics() -> Characteristics:
    """The definitions that the statements under sql/features follow."""
    return Characteristics.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def faults_of(card: Scorecard) -> list[str]:
    """Where a scorecard does not fit the definitions: one line a fault, none if it fits."""
    known = characteristics()
    defined = {item.name: item for item in known.of(card.subject)}
    faults = []
    if card.feature_version != known.version:
        faults.append(
            f"scorecard {card.id}: feature_version: set on version {card.feature_version} of the"
            f" characteristics, and this is version {known.version}"
        )
    for item in card.characteristic:
        where = f"scorecard {card.id}: characteristic.{item.name}"
        definition = defined.get(item.name)
        if definition is None:
            faults.append(f"{where}: no such characteristic of a {card.subject}")
        elif definition.driver != item.driver:
            faults.append(f"{where}: driver: is {definition.driver}, not {item.driver}")
    return faults


def tables_of(cards: Sequence[Scorecard]) -> dict[str, list[dict[str, Any]]]:
    """The scorecards as the rows of `scorecard_base`, `scorecard_bin` and `scorecard_pd`.

    Raises DocumentRefused if one reads what is not a characteristic, or two score the same subject.
    """
    faults = [fault for card in cards for fault in faults_of(card)]
    subjects = [card.subject for card in cards]
    faults += [
        f"scorecards: {subjects.count(subject)} for a {subject}, and there can be one"
        for subject in SUBJECTS
        if subjects.count(subject) > 1
    ]
    if faults:
        raise DocumentRefused(faults)
    return {
        "base": [row for card in cards for row in card.base_rows()],
        "bins": [row for card in cards for row in card.bin_rows()],
        "pd": [row for card in cards for row in card.pd_rows()],
    }


def page() -> str:
    """docs/characteristics.md, whole."""
    known = characteristics()
    drivers = "\n".join(f"| {name} | {text} |" for name, text in known.driver.items())
    scale = "\n".join(f"| {name} | {weight} |" for name, weight in sorted(known.currency_scale.items()))
    tables = "\n".join(line for subject in SUBJECTS for line in _tables(subject, known.of(subject)))
    return PAGE.format(version=known.version, drivers=drivers, tables=tables, scale=scale)


def _tables(subject: str, defined: tuple[Definition, ...]) -> list[str]:
    lines = ["", f"## `features_{subject}`: {len(defined)} characteristics"]
    for group in dict.fromkeys(item.group for item in defined):
        lines += [
            "",
            f"### {group.capitalize()}",
            "",
            "| characteristic | unit | window | driver | range | what it is | unknown when |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| `{item.name}` | {item.unit} | {item.window} | {item.driver} |"
            f" {item.lowest:,} to {item.highest:,} | {item.means} | {item.unknown} |"
            for item in defined
            if item.group == group
        ]
    return lines


if __name__ == "__main__":
    sys.stdout.write(page())
