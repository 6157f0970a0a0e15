"""What a line's rows would be if one fact were another: an edit of them, with what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from types import MappingProxyType
from typing import Any

from linewatch.errors import DataRefused
from sql import narrow
from sql.contract import Column, contract
from sql.engine import Cursor
from sql.stage import last_closed_month


@dataclass(frozen=True)
class Edit:
    """One value for one column of one of the line's tables; None is unknown."""

    table: str
    column: str
    value: Any


@dataclass(frozen=True)
class Touched:
    """A value that was set, and where."""

    table: str
    key: str
    column: str
    old: Any
    new: Any
    follows: bool
    """Not asked for: it follows from what was."""


@dataclass(frozen=True)
class Place:
    """Which rows of a table an edit is about."""

    where: str
    told: str


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "borrower": Place("borrower_id = $borrower_id", "the borrower"),
        "facility": Place("facility_id = $facility_id", "the line"),
        "facility_month": Place(
            "facility_id = $facility_id and month between $first_month and $last_month",
            "the line's last three closed months",
        ),
        "bureau_report": Place(
            "borrower_id = $borrower_id and pulled_on = (select max(pulled_on) from stg_bureau_report"
            " where borrower_id = $borrower_id and pulled_on <= $as_of)",
            "the newest bureau report",
        ),
        "financial_statement": Place(
            "borrower_id = $borrower_id and period_end = (select max(period_end) from"
            " stg_financial_statement where borrower_id = $borrower_id"
            " and coalesce(received_on, period_end + 180) <= $as_of)",
            "the newest statement received",
        ),
        "project_status": Place(
            "facility_id = $facility_id and reported_on = (select max(reported_on) from stg_project_status"
            " where facility_id = $facility_id and reported_on <= $as_of)",
            "the newest project report",
        ),
        "assessment": Place(
            "borrower_id = $borrower_id and assessed_on = (select max(assessed_on) from stg_assessment"
            " where borrower_id = $borrower_id and assessed_on <= $as_of)",
            "the newest assessment",
        ),
        "spending_month": Place(
            "borrower_id = $borrower_id and month between $first_month and $last_month",
            "the borrower's last three closed months",
        ),
        "trade_month": Place(
            "borrower_id = $borrower_id and month <= $last_month", "every closed trade month of the borrower"
        ),
        "guarantee": Place("facility_id = $facility_id", "every cover of the line"),
        "consent": Place("borrower_id = $borrower_id", "every consent of the borrower"),
        "treatment": Place("borrower_id = $borrower_id", "every treatment of the borrower"),
    }
)
"""The tables that may be edited. Not the links: another link is another group, of lines not at hand."""
NO_COLUMN = "no column of that name may be set"
ONLY: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("borrower", "income_kind"): ("verified", "stated", "modelled"),
        ("borrower", "fraud_flag"): ("none", "suspected", "first_party", "victim"),
        ("borrower", "borrower_type"): ("consumer", "enterprise"),
        ("borrower", "language"): ("zh", "en"),
        ("facility", "status"): ("active", "frozen"),
        ("facility", "product"): ("revolving_consumer", "working_capital", "project"),
        ("facility", "commitment"): ("uncommitted", "committed"),
        ("facility", "last_change_by"): ("lender", "borrower"),
        ("guarantee", "kind"): ("insurance", "guarantor", "collateral"),
    }
)
MAY_BE_NEGATIVE = frozenset(
    "drawn_cents closing_balance_cents equity_cents retained_earnings_cents ebit_cents"
    " operating_cash_flow_cents revenue_cents average_balance_cents dscr_bp".split()
)


def edits_of(words: Iterable[str]) -> list[Edit]:
    """Each `column=value` or `table.column=value`; a name that the line itself has is the line's.

    Raises DataRefused with every fault, and what may be set.
    """
    faults: list[str] = []
    found = [edit for word in words if (edit := _edit(word, faults)) is not None]
    if faults:
        listed = f"What may be set:\n{_editable()}\n" if any(NO_COLUMN in fault for fault in faults) else ""
        raise DataRefused(
            f"{'An edit' if len(faults) == 1 else f'{len(faults)} edits'} cannot be made.",
            where="\n".join(f"  {fault}" for fault in faults),
            what_now=f"{listed}A date as 2026-01-31, a flag as true or false, null for unknown.",
        )
    return found


def apply(db: Cursor, facility_id: str, as_of: date, edits: Sequence[Edit]) -> list[Touched]:
    """Set the values in the staged rows, with what follows from them; return every value that was set.

    Call it between `stage` and `accept`. Raises DataRefused where there is no row to edit.
    """
    (line,) = narrow.rows(db, "facility", "facility_id = $facility_id", {"facility_id": facility_id})
    last = last_closed_month(as_of)
    number = last.year * 12 + last.month - 3
    known = {
        "facility_id": facility_id,
        "borrower_id": line["borrower_id"],
        "as_of": as_of,
        "first_month": date(number // 12, number % 12 + 1, 1),
        "last_month": last,
    }
    touched: list[Touched] = []
    for edit in edits:
        place = PLACES[edit.table]
        values = {name: value for name, value in known.items() if f"${name}" in place.where}
        rows = narrow.rows(db, edit.table, place.where, values)
        if not rows:
            raise DataRefused(
                f"{edit.table}.{edit.column} cannot be set: there is no row for {place.told}.",
                what_now="Nothing was changed. Leave this edit out.",
            )
        asked = {(each.table, each.column) for each in edits}
        for row in rows:
            touched.append(_set(db, edit.table, row, edit.column, edit.value, follows=False))
            for column, value in FOLLOWS.get((edit.table, edit.column), _nothing)(row, edit.value, as_of):
                if (edit.table, column) not in asked and row[column] != value:
                    touched.append(_set(db, edit.table, row, column, value, follows=True))
    return touched


Follow = Callable[[Mapping[str, Any], Any, date], list[tuple[str, Any]]]


def _nothing(row: Mapping[str, Any], value: Any, as_of: date) -> list[tuple[str, Any]]:
    return []


def _no_longer_late(row: Mapping[str, Any], value: Any, as_of: date) -> list[tuple[str, Any]]:
    """Nothing is past due on a line that is not late."""
    return [("past_due_cents", 0)] if value == 0 and row["past_due_cents"] is not None else []


def _a_year_of_it(row: Mapping[str, Any], value: Any, as_of: date) -> list[tuple[str, Any]]:
    """A year's income moves with the month's, where it is known."""
    month, year = row["net_monthly_income_cents"], row["annual_income_cents"]
    return [("annual_income_cents", year * value // month)] if month and year and value is not None else []


def _proven_today(row: Mapping[str, Any], value: Any, as_of: date) -> list[tuple[str, Any]]:
    """An income that is verified from now on was verified on the night."""
    verified = value == "verified" and row["income_kind"] != "verified"
    return [("income_verified_on", as_of)] if verified else []


def _all_of_the_balance(row: Mapping[str, Any], value: Any, as_of: date) -> list[tuple[str, Any]]:
    """A month's mean balance is not known any more where its closing balance is another."""
    return [("average_balance_cents", None)] if row["average_balance_cents"] is not None else []


FOLLOWS: Mapping[tuple[str, str], Follow] = MappingProxyType(
    {
        ("facility", "days_past_due"): _no_longer_late,
        ("borrower", "net_monthly_income_cents"): _a_year_of_it,
        ("borrower", "income_kind"): _proven_today,
        ("facility_month", "closing_balance_cents"): _all_of_the_balance,
    }
)


def _set(db: Cursor, table: str, row: dict[str, Any], column: str, value: Any, *, follows: bool) -> Touched:
    narrow.set_column(db, table, column, row, value)
    key = "|".join(str(row[name]) for name in contract()[table].key)
    return Touched(table, key, column, row[column], value, follows)


def _edit(word: str, faults: list[str]) -> Edit | None:
    name, sign, text = word.partition("=")
    name = name.strip()
    tables = [table for table in PLACES if name.partition(".")[0] == table and "." in name]
    column_name = name.partition(".")[2] if tables else name
    tables = [table for table in (tables or PLACES) if _column(table, column_name) is not None]
    if "facility" in tables:
        tables = ["facility"]
    if not sign:
        faults.append(f"{word}: write COLUMN=VALUE")
    elif not tables:
        faults.append(f"{name}: {NO_COLUMN}")
    elif len(tables) > 1:
        places = " or ".join(f"{table}.{column_name}" for table in tables)
        faults.append(f"{name}: is a column of several tables: write {places}")
    else:
        column = _column(tables[0], column_name)
        assert column is not None
        value, fault = _value(tables[0], column, text.strip())
        if fault is None:
            return Edit(tables[0], column_name, value)
        faults.append(f"{tables[0]}.{column_name}: {fault}")
    return None


def _column(table: str, name: str) -> Column | None:
    kept_out = (*contract()[table].key, "borrower_id", "recorded_at")
    return None if name in kept_out else contract()[table].column(name)


def _value(table: str, column: Column, text: str) -> tuple[Any, str | None]:
    if text == "null":
        return None, "must be known" if column.required else None
    only = ONLY.get((table, column.name))
    try:
        if column.type in ("BIGINT", "INTEGER"):
            number = int(text)
            if number < 0 and column.name not in MAY_BE_NEGATIVE:
                return None, "may not be under 0"
            if abs(number) > (2**31 - 1 if column.type == "INTEGER" else 10**15):
                return None, "is too large"
            return number, None
        if column.type == "DATE":
            return date.fromisoformat(text), None
        if column.type == "BOOLEAN":
            return {"true": True, "false": False}[text.lower()], None
    except (ValueError, KeyError):
        wanted = {"DATE": "a date as 2026-01-31", "BOOLEAN": "true or false"}.get(
            column.type, "a whole number"
        )
        return None, f"{text!r} is not {wanted}"
    if only is not None and text not in only:
        return None, f"{text!r} is not one of {', '.join(only)}"
    return text, None


def _editable() -> str:
    told = []
    for table, place in PLACES.items():
        names = [column.name for column in contract()[table].columns if _column(table, column.name)]
        words = f"{table} ({place.told}): {', '.join(names)}"
        told.append(fill(words, 100, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(told)
