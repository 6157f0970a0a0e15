"""Reading a source: which columns, whose rows they are, and what is left of the long tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.peers.pandas_peer import business, history, outside, security, standing
from benchmarks.peers.pandas_peer.days import NEVER, day
from benchmarks.peers.pandas_peer.lender import FRAUD, SUBJECTS, Lender
from benchmarks.peers.pandas_peer.source import (
    Source,
    flags,
    is_known,
    is_one_of,
    narrow,
    numbers,
    place_in,
    rows_of,
)
from benchmarks.peers.pandas_peer.standing import Policy
from benchmarks.peers.pandas_peer.whole import BOUNDLESS, UNKNOWN, Ints, Owned, Values

BORROWER = (
    *("borrower_id", "borrower_type", "jurisdiction", "onboarded_on", "identity_verified_on"),
    *("net_monthly_income_cents", "income_kind", "income_verified_on", "limit_increase"),
    *("hardship_on", "deceased_on", "fraud_flag"),
)
FACILITY = (
    *("facility_id", "borrower_id", "product", "currency", "credit_limit_cents", "drawn_cents"),
    *("pending_cents", "annual_rate_bp", "opened_on", "matures_on", "status", "days_past_due"),
    *("minimum_due_cents", "statement_day", "last_limit_change_on", "last_change_by"),
    *("last_reviewed_on", "drawdown_blocked", "commitment", "revolving", "scheduled_limit_cents"),
    *("temporary_limit_cents", "temporary_until"),
)


@dataclass(frozen=True)
class Names:
    """What codes stand for: rows of borrowers and lines, and places in short lists."""

    source: Source
    borrower_ids: pa.ChunkedArray
    facility_ids: pa.ChunkedArray
    jurisdictions: list[str]
    products: list[str]
    currencies: list[str]


def read_lender(folder: Path, as_of: date, scale: Mapping[str, int], policy: Policy) -> tuple[Lender, Names]:
    """Read everything once. `scale`: what a cent of each currency weighs, in hundred-thousandths of a dollar.

    Raises ValueError for what no generated lender has.
    """
    source = Source(folder)
    currencies = sorted(scale)
    people = source.read("borrower", BORROWER)
    borrower_ids = people.column("borrower_id")
    borrower, jurisdictions = _people(people)
    facility = source.read("facility", FACILITY)
    facility_ids, owner_ids = facility.column("facility_id"), facility.column("borrower_id")
    lines, products = _lines(facility, currencies, scale)
    del people, facility
    bureau = outside.last_reports(source, as_of)
    spent = outside.spending_months(source, as_of)
    traded = outside.trade_months(source, as_of, currencies)
    months = history.line_months(source, as_of)
    treatment = source.read("treatment", standing.TREATMENT)
    consent = source.read("consent", standing.CONSENT)
    consent = consent.filter(pa.array(is_one_of(consent.column("kind"), "limit_increase")))
    link = source.read("control_link", security.LINK)
    guarantee = source.read("guarantee", security.GUARANTEE)
    report = source.read("project_status", standing.PROJECT)
    books = source.read("financial_statement", business.STATEMENT)
    visit = source.read("assessment", business.ASSESSMENT)

    is_firm = borrower["subject"] == SUBJECTS.index("enterprise")
    with ThreadPoolExecutor() as pool:
        of_lines = pool.submit(
            rows_of,
            facility_ids,
            months[0],
            *(table.column("facility_id") for table in (consent, guarantee, report)),
        )
        of_firms = pool.submit(
            rows_of,
            borrower_ids.filter(pa.array(is_firm)),
            traded[0],
            *(table.column("borrower_id") for table in (books, visit)),
        )
        owner, reported, spender, treated, agreeing, tied, controller, provider = rows_of(
            borrower_ids,
            *(owner_ids, bureau[0], spent[0]),
            *(table.column("borrower_id") for table in (treatment, consent, link)),
            link.column("related_borrower_id"),
            guarantee.column("provider_id"),
        )
        of_month, consented, covered, reporting = of_lines.result()
        trader, bookkeeper, visited = of_firms.result()
    _check(owner, lines["currency"])

    borrowers, firms = len(is_firm), int(is_firm.sum())
    of_months = history.of_each_line(of_month, months[1], len(owner))
    lines |= {
        "owner": owner,
        **{name: of_months[name] for name in history.STANDING},
        **standing.consents(consent, agreeing, consented, owner, borrower, as_of),
        **standing.projects(report, reporting, len(owner), as_of, policy),
    }
    borrower |= standing.treatments(treatment, treated, borrowers, as_of, policy)
    borrower |= outside.spending(spender, spent[1], borrowers)
    borrower |= outside.bureau(reported, bureau[1], borrowers, as_of)
    borrower["group"] = security.exposure_groups(link, tied, controller, borrowers, policy, as_of)
    borrower |= _defaults(borrower, lines)
    void = _is_void(borrower, as_of)
    cover = security.covers(guarantee, covered, provider, owner[covered], borrower["group"], void, as_of)
    firm = {
        "owner": np.flatnonzero(is_firm),
        **business.statements(books, bookkeeper, firms, as_of, scale),
        **outside.trade(trader, traded[1], firms, np.array([scale[name] for name in currencies])),
        **business.assessments(visit, visited, firms, as_of),
    }
    lender = Lender(as_of, borrower, lines, of_months, firm, cover)
    return lender, Names(source, borrower_ids, facility_ids, jurisdictions, products, currencies)


def _check(owner: Ints, currency: Any) -> None:
    is_same = (owner[1:] != owner[:-1]) | (currency[1:] == currency[:-1])
    if not is_same.all() or (currency < 0).any():
        raise ValueError("a borrower with lines in several currencies, or in one off the scale")
    if (np.diff(owner) < 0).any():
        raise ValueError("lines that do not lie in the order of their borrowers")


def _defaults(people: Values, lines: Values) -> Values:
    """Who is in default, and of whose control group another is."""
    late = lines["is_open"] & (lines["days_past_due"] >= 90)
    group, borrowers = people["group"], len(people["subject"])
    in_default = people["is_default_treated"] | Owned(lines["owner"], borrowers).any(late)
    defaults = np.bincount(group[in_default], minlength=borrowers)
    return {"in_default": in_default, "is_group_default": defaults[group] - in_default > 0}


def _people(table: pa.Table) -> tuple[Values, list[str]]:
    def came(name: str) -> Any:
        return numbers(table.column(name), NEVER)

    jurisdictions = table.column("jurisdiction").unique().to_pylist()
    return {
        "subject": place_in(table.column("borrower_type"), SUBJECTS),
        "jurisdiction": place_in(table.column("jurisdiction"), jurisdictions),
        "onboarded_on": numbers(table.column("onboarded_on")),
        "is_identified": is_known(table.column("identity_verified_on")),
        "income_cents": numbers(table.column("net_monthly_income_cents")),
        "income_is_verified": is_one_of(table.column("income_kind"), "verified"),
        "income_verified_on": numbers(table.column("income_verified_on")),
        "agrees": flags(table.column("limit_increase")),
        "answers": is_known(table.column("limit_increase")),
        "hardship_on": came("hardship_on"),
        "deceased_on": came("deceased_on"),
        "fraud": place_in(table.column("fraud_flag"), FRAUD),
    }, jurisdictions


def _lines(table: pa.Table, currencies: Sequence[str], scale: Mapping[str, int]) -> tuple[Values, list[str]]:
    def of(name: str, null: int = UNKNOWN) -> Ints:
        return numbers(table.column(name), null)

    products = table.column("product").unique().to_pylist()
    currency = place_in(table.column("currency"), currencies)
    return {
        "is_open": ~is_one_of(table.column("status"), "closed"),
        "is_frozen": is_one_of(table.column("status"), "frozen"),
        "product": place_in(table.column("product"), products),
        "is_project": is_one_of(table.column("product"), "project"),
        "currency": currency,
        "weight": np.array([scale[name] for name in currencies])[currency],
        "limit_cents": of("credit_limit_cents"),
        "drawn_cents": of("drawn_cents"),
        "owed_cents": np.maximum(of("drawn_cents"), 0) + of("pending_cents", 0),
        "rate_bp": narrow(table.column("annual_rate_bp"), 0),
        "opened_on": of("opened_on"),
        "matures_on": of("matures_on", NEVER),
        "days_past_due": narrow(table.column("days_past_due"), 0),
        "arrears_known": is_known(table.column("days_past_due")),
        "minimum_due_cents": of("minimum_due_cents", 0),
        "statement_day": narrow(table.column("statement_day"), 1),
        "changed_on": of("last_limit_change_on"),
        "asked_by_borrower": is_one_of(table.column("last_change_by"), "borrower"),
        "reviewed_on": of("last_reviewed_on"),
        "source_block": flags(table.column("drawdown_blocked")),
        "is_committed": is_one_of(table.column("commitment"), "committed"),
        "is_revolving": flags(table.column("revolving"), True),
        "scheduled_cents": of("scheduled_limit_cents", BOUNDLESS),
        "temporary_limit_cents": of("temporary_limit_cents", 0),
        "temporary_until": of("temporary_until"),
    }, products


def _is_void(people: Values, as_of: date) -> Any:
    """Whose word covers nothing: in default, dead, or a fraud of their own."""
    first_party = people["fraud"] == FRAUD.index("first_party")
    return people["in_default"] | (people["deceased_on"] <= day(as_of)) | first_party
