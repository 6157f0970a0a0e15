"""Everything the source says, read once: a row a borrower and a row a line, in NumPy columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.peers.pandas_peer import outside
from benchmarks.peers.pandas_peer.days import NEVER, day
from benchmarks.peers.pandas_peer.history import line_months, of_each_line
from benchmarks.peers.pandas_peer.source import Source, flags, is_one_of, numbers, place_in, rows_of
from benchmarks.peers.pandas_peer.whole import UNKNOWN, Flags, Ints, Owned, Values, newest, pick

SUBJECTS = ("consumer", "enterprise")
FRAUD = ("suspected", "first_party", "victim")


@dataclass
class Lender:
    """A night's source. Values of `facility` lie in the order of its rows, by borrower."""

    source: Source
    as_of: date
    borrower_ids: pa.ChunkedArray
    borrower: pd.DataFrame
    facility_ids: pa.ChunkedArray
    facility: pd.DataFrame
    owned: Owned
    """All lines of each borrower, closed ones too."""
    months: Values
    """Of each line, from its closed months."""
    spending: Values
    trade: Values
    bureau: Values


def read_lender(folder: Path, as_of: date, scale: Mapping[str, int]) -> Lender:
    """Read the source. `scale`: the weight of a cent of each currency, in hundred-thousandths of a dollar."""
    source = Source(folder)
    currencies = sorted(scale)
    weights = np.array([scale[name] for name in currencies])
    table = source.read(
        "facility",
        *("facility_id", "borrower_id", "product", "currency", "credit_limit_cents", "drawn_cents"),
        *("pending_cents", "annual_rate_bp", "opened_on", "matures_on", "status", "days_past_due"),
        *("minimum_due_cents", "statement_day", "last_limit_change_on", "last_change_by"),
        *("last_reviewed_on", "drawdown_blocked", "commitment", "revolving", "scheduled_limit_cents"),
        *("temporary_limit_cents", "temporary_until"),
    )
    people = source.read(
        "borrower",
        *("borrower_id", "borrower_type", "jurisdiction", "onboarded_on", "identity_verified_on"),
        *("net_monthly_income_cents", "income_kind", "income_verified_on", "limit_increase"),
        *("hardship_on", "deceased_on", "fraud_flag"),
    )
    reports = outside.last_reports(source, as_of)
    spent = outside.spending_months(source, as_of)
    traded = outside.trade_months(source, as_of, currencies)
    ids = people.column("borrower_id")
    owner, reported, spender, trader = rows_of(
        ids, table.column("borrower_id"), reports[0], spent[0], traded[0]
    )
    if (np.diff(owner) < 0).any():
        order = np.argsort(owner, kind="stable")
        table, owner = table.take(pa.array(order)), owner[order]
    borrowers = len(ids)
    facility = _facility(table, owner)
    weight = weights[_currency_of(table, owner, borrowers, currencies)]
    return Lender(
        source,
        as_of,
        ids,
        _borrower(people).assign(weight=weight),
        table.column("facility_id"),
        facility,
        Owned(owner, borrowers),
        of_each_line(table.column("facility_id"), *line_months(source, as_of)),
        outside.spending(spender, spent[1], borrowers),
        outside.trade(trader, traded[1], borrowers, weights),
        outside.bureau(reported, reports[1], borrowers, as_of),
    )


def _facility(table: pa.Table, owner: Ints) -> pd.DataFrame:
    def of(name: str, null: int = UNKNOWN) -> Ints:
        return numbers(table.column(name), null)

    return pd.DataFrame(
        {
            "owner": owner,
            "is_open": ~is_one_of(table.column("status"), "closed"),
            "is_frozen": is_one_of(table.column("status"), "frozen"),
            "is_project": is_one_of(table.column("product"), "project"),
            "product": table.column("product").dictionary_encode().to_pandas(),
            "currency": table.column("currency").dictionary_encode().to_pandas(),
            "limit_cents": of("credit_limit_cents"),
            "drawn_cents": of("drawn_cents"),
            "owed_cents": np.maximum(of("drawn_cents"), 0) + of("pending_cents", 0),
            "rate_bp": of("annual_rate_bp", 0),
            "opened_on": of("opened_on"),
            "matures_on": of("matures_on", NEVER),
            "days_past_due": of("days_past_due", 0),
            "arrears_known": table.column("days_past_due").is_valid().to_numpy(),
            "minimum_due_cents": of("minimum_due_cents", 0),
            "statement_day": of("statement_day", 1),
            "changed_on": of("last_limit_change_on"),
            "asked_by_borrower": is_one_of(table.column("last_change_by"), "borrower"),
            "reviewed_on": of("last_reviewed_on"),
            "source_block": flags(table.column("drawdown_blocked")),
            "is_committed": is_one_of(table.column("commitment"), "committed"),
            "is_revolving": flags(table.column("revolving"), True),
            "scheduled_cents": of("scheduled_limit_cents", NEVER * 10**9),
            "temporary_limit_cents": of("temporary_limit_cents"),
            "temporary_until": of("temporary_until"),
        },
        copy=False,
    )


def _borrower(table: pa.Table) -> pd.DataFrame:
    def of(name: str, null: int = UNKNOWN) -> Ints:
        return numbers(table.column(name), null)

    return pd.DataFrame(
        {
            "subject": place_in(table.column("borrower_type"), SUBJECTS),
            "jurisdiction": table.column("jurisdiction").dictionary_encode().to_pandas(),
            "onboarded_on": of("onboarded_on"),
            "is_identified": table.column("identity_verified_on").is_valid().to_numpy(),
            "income_cents": of("net_monthly_income_cents"),
            "income_is_verified": is_one_of(table.column("income_kind"), "verified"),
            "income_verified_on": of("income_verified_on"),
            "agrees": flags(table.column("limit_increase")),
            "answers": table.column("limit_increase").is_valid().to_numpy(),
            "hardship_on": of("hardship_on", NEVER),
            "deceased_on": of("deceased_on", NEVER),
            "fraud": place_in(table.column("fraud_flag"), FRAUD),
        },
        copy=False,
    )


def _currency_of(table: pa.Table, owner: Ints, borrowers: int, currencies: Sequence[str]) -> Ints:
    """The place of each borrower's currency; the first one's for who has no line yet."""
    currency = place_in(table.column("currency"), currencies)
    of_borrower = np.zeros(borrowers, np.int64)
    of_borrower[owner] = currency
    if (of_borrower[owner] != currency).any() or (currency < 0).any():
        raise NotImplementedError("a borrower with lines in several currencies, or in one off the scale")
    return of_borrower


def treated(lender: Lender) -> tuple[Ints, Any, Flags]:
    """The borrower of each treatment, its kind, and whether it holds on as_of."""
    table = lender.source.read("treatment", "borrower_id", "kind", "valid_from", "valid_until")
    tonight = day(lender.as_of)
    (owner,) = rows_of(lender.borrower_ids, table.column("borrower_id"))
    holds = (numbers(table.column("valid_from"), NEVER) <= tonight) & (
        numbers(table.column("valid_until"), NEVER) >= tonight
    )
    return owner, table.column("kind"), holds


def consents(lender: Lender) -> pd.DataFrame:
    """Of each line: whether a rise is agreed to (1, 0, UNKNOWN), to what amount, and the day of the word."""
    table = lender.source.read(
        "consent", "borrower_id", "kind", "granted_on", "facility_id", "amount_cents", "withdrawn_on"
    )
    tonight = day(lender.as_of)
    table = table.filter(pa.array(is_one_of(table.column("kind"), "limit_increase")))
    (borrower,) = rows_of(lender.borrower_ids, table.column("borrower_id"))
    (line,) = rows_of(lender.facility_ids, table.column("facility_id"))
    on = numbers(table.column("granted_on"))
    stands = numbers(table.column("withdrawn_on"), NEVER) > tonight
    came = on <= tonight
    of_line = newest(line, on, len(lender.facility_ids), came)
    general = ~table.column("facility_id").is_valid().to_numpy()
    of_borrower = newest(borrower, on, len(lender.borrower_ids), came & general)[lender.owned.owner]

    line_on, borrower_on = pick(on, of_line), pick(on, of_borrower)
    counts = (of_line >= 0) & (line_on >= borrower_on)
    line_stands, borrower_stands = pick(stands, of_line, False), pick(stands, of_borrower, False)
    is_withdrawn = (of_borrower >= 0) & ~borrower_stands
    answers, agrees = (lender.borrower[name].to_numpy()[lender.owned.owner] for name in ("answers", "agrees"))
    otherwise = np.where(answers, agrees, np.where(of_borrower >= 0, borrower_stands, UNKNOWN))
    return pd.DataFrame(
        {
            "rise_consent": np.where(counts, line_stands, np.where(is_withdrawn, 0, otherwise)),
            "consented_cents": np.where(
                counts & line_stands, pick(numbers(table.column("amount_cents")), of_line), UNKNOWN
            ),
            "consent_on": np.maximum(line_on, borrower_on),
        }
    )
