"""A lender of clones: each borrower of a random lender several times, differing in one thing alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.decisions.small_lender import SmallLender
from tests.oracle.lenders import random_lender

Row = dict[str, Any]
Change = Callable[[SmallLender, str], None]


def clones(seed: int, lines: int, changes: Sequence[Change]) -> tuple[SmallLender, list[list[str]]]:
    """Borrowers of one line, without groups, each once for every change; the lines of each, in that order."""
    model = random_lender(seed, lines, oddness=0.05)
    lender = SmallLender(as_of=model.as_of, previous_as_of=model.previous_as_of)
    lender.rows["fx_rate"] = model.rows["fx_rate"]
    families = []
    for line in _sole_lines(model):
        names = []
        for number, change in enumerate(changes):
            name = f"{line['borrower_id']}-{number}"
            _copy(model, lender, line, name)
            change(lender, name)
            names.append(f"{line['facility_id']}-{number}")
        families.append(names)
    return lender, families


def _sole_lines(model: SmallLender) -> list[Row]:
    owners = [row["borrower_id"] for row in model.rows["facility"]]
    known = {row["borrower_id"] for row in model.rows["borrower"]} - set(model.quarantined)
    known &= {row["borrower_id"] for row in model.scores}
    return [
        row
        for row in model.rows["facility"]
        if owners.count(row["borrower_id"]) == 1 and row["borrower_id"] in known
    ]


def _copy(model: SmallLender, lender: SmallLender, line: Row, name: str) -> None:
    number = name.rsplit("-", 1)[1]
    keys = {"borrower_id": line["borrower_id"], "facility_id": line["facility_id"]}
    renamed = {"borrower_id": name, "facility_id": f"{line['facility_id']}-{number}"}

    def own(rows: list[Row]) -> list[Row]:
        return [
            {**row, **{key: renamed[key] for key in keys if row.get(key) == keys[key]}}
            for row in rows
            if any(row.get(key) == keys[key] for key in keys)
        ]

    for table, rows in model.rows.items():
        if table not in ("fx_rate", "control_link", "social_link"):
            lender.rows[table] += own(rows)
    lender.scores += own(model.scores)
    lender.past += own(model.past)
    lender.changes += own(model.changes)
    lender.features[name] = model.features[line["borrower_id"]]


def score_of(lender: SmallLender, borrower: str) -> Row:
    return next(row for row in lender.scores if row["borrower_id"] == borrower)


def row_of(lender: SmallLender, borrower: str) -> Row:
    return next(row for row in lender.rows["borrower"] if row["borrower_id"] == borrower)
