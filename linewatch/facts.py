"""What a condition of the policy may read: facts of a line, and the characteristics of its borrower.

`python -m linewatch.facts > docs/conditions.md` writes the page that people read.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from linewatch.characteristics import characteristics
from linewatch.expression import MOST_CHARACTERS, MOST_DEPTH, MOST_TOKENS, Kind
from linewatch.truth import Range

MOST_CENTS = 10**15
MOST_MONTHS = 2_400
MOST_DAYS = 100_000
MOST_DSCR_BP = 1_000_000


@dataclass(frozen=True)
class Fact:
    """One thing that is known of a line, or is unknown."""

    range: Range
    means: str


def _cents(means: str, *, known: bool = False, lowest: int = 0) -> Fact:
    return Fact(Range("number", lowest, MOST_CENTS, known), means)


def _number(means: str, highest: int, *, known: bool = False) -> Fact:
    return Fact(Range("number", 0, highest, known), means)


def _flag(means: str, *, known: bool = False) -> Fact:
    return Fact(Range("flag", known=known), means)


def _text(means: str, *among: str, known: bool = False) -> Fact:
    return Fact(Range("text", known=known, among=among), means)


PRODUCTS = ("revolving_consumer", "working_capital", "project")
# linewatch.segment reads this module, so the slots stand here a second time; a test compares the two.
SLOTS = ("strong", "good", "satisfactory", "weak", "default")
SEGMENT_FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "borrower_type": _text("Kind of borrower.", "consumer", "enterprise", known=True),
        "product": _text("Kind of line.", *PRODUCTS, known=True),
        "currency": _text("Of the line (ISO 4217).", known=True),
        "jurisdiction": _text("The borrower's country (ISO 3166).", known=True),
        "industry_code": _text("As the source has it."),
        "tenure_months": _number("Whole months since onboarding.", MOST_MONTHS),
        "revenue_cents": _cents(
            "A year's, of the statement that counts or, without one, of the trade; in its currency.",
            lowest=-MOST_CENTS,
        ),
        "credit_limit_cents": _cents("The limit that the source shows.", known=True),
        "annual_income_cents": _cents("A consumer's income a year."),
    }
)
"""What a segment's `when` may read: it is asked before anything is known of limits in force or scores."""

LINE_FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "segment": _text("The line's segment."),
        "borrower_type": SEGMENT_FACTS["borrower_type"],
        "product": SEGMENT_FACTS["product"],
        "currency": SEGMENT_FACTS["currency"],
        "jurisdiction": SEGMENT_FACTS["jurisdiction"],
        "is_committed": _flag("The lender may not withdraw the line at will."),
        "is_revolving": _flag("What is repaid may be drawn again.", known=True),
        "limit_cents": _cents("The limit in force.", known=True),
        "anchor_limit_cents": _cents("The limit that targets are a share of.", known=True),
        "drawn_cents": _cents("What is drawn; under 0 a credit balance.", known=True, lowest=-MOST_CENTS),
        "owed_cents": _cents("Drawn and pending.", known=True),
        "rate_bp": _number("The yearly rate.", 1_000_000),
        "days_past_due": _number("On this line.", MOST_DAYS, known=True),
        "borrower_dpd": _number("The most days past due on any line of the borrower.", MOST_DAYS, known=True),
        "worst_dpd_24m": _number("The most days past due in 24 closed months.", MOST_DAYS),
        "months_known": _number("Closed months on record, of 24.", 24, known=True),
        "months_unused": _number("Closed months since the line was used.", 24, known=True),
        "tenure_months": SEGMENT_FACTS["tenure_months"],
        "score": Fact(Range("number", -10_000_000, 10_000_000), "Hundredths of a point."),
        "pd_bp": Fact(Range("number", 1, 10_000), "Probability of default within twelve months."),
        "unknown_share_bp": _number("Share of the card's characteristics that are unknown.", 10_000),
        "net_monthly_income_cents": _cents("A consumer's."),
        "income_kind": _text("How the income is known.", "verified", "stated", "modelled"),
        "external_payment_cents": _cents("What other lenders are paid a month."),
        "external_dpd": _number("Days past due at other lenders now.", MOST_DAYS),
        "public_record_count": _number("On the bureau report that counts.", 10_000),
        "essential_cents": _cents("Essential spending a month."),
        "fraud_flag": _text("As the source has it.", "none", "suspected", "first_party", "victim"),
        "in_hardship": _flag("Hardship is on record by as_of."),
        "rise_consent": _flag("Whether the borrower agreed to rises."),
        "device_borrowers": _number("Borrowers on one device, this one too.", 1_000_000, known=True),
        "has_statement": _flag("A financial statement counts.", known=True),
        "statement_age_months": _number("Of the statement that counts.", MOST_MONTHS),
        "revenue_cents": SEGMENT_FACTS["revenue_cents"],
        "ebit_cents": _cents("Of that statement, a year's.", lowest=-MOST_CENTS),
        "operating_cash_flow_cents": _cents("Of that statement, a year's.", lowest=-MOST_CENTS),
        "interest_expense_cents": _cents("Of that statement, a year's.", lowest=-MOST_CENTS),
        "slot": _text("Of a line whose segment is rated by slot.", *SLOTS),
        "slot_score_bp": _number("The score behind the slot.", 40_000),
        "missing_factors": _number("Slotting factors without a mark that counts, of 5.", 5),
        "phase": _text("Of the project report, in the lender's own words."),
        "completion_bp": _number("Of the works, by the project report.", 10_000),
        "cost_to_complete_cents": _cents("By the project report; in the line's currency."),
        "dscr_bp": Fact(
            Range("number", -MOST_DSCR_BP, MOST_DSCR_BP),
            "Cash flow over debt service, by the project report.",
        ),
        "covenant_breached": _flag("The project report says so; without a report it does not.", known=True),
        "draw_stop": _flag("The project report says so; without a report it does not.", known=True),
        "report_age_months": _number("Whole months since the project report.", MOST_MONTHS),
    }
)
"""What a rule of the policy may read of the line, beside the characteristics of its borrower."""


@cache
def rule_ranges() -> Mapping[str, Range]:
    """Every fact of a rule, with what it may be; a characteristic gives way to a line's fact of its name."""
    found = {
        item.name: Range("number", item.lowest, item.highest) for item in characteristics().characteristic
    }
    return {**found, **{name: fact.range for name, fact in LINE_FACTS.items()}}


@cache
def segment_ranges() -> Mapping[str, Range]:
    """Every fact of a segment's condition, with what it may be."""
    return {name: fact.range for name, fact in SEGMENT_FACTS.items()}


def kinds(ranges: Mapping[str, Range]) -> dict[str, Kind]:
    return {name: about.kind for name, about in ranges.items()}


def rule_reference(name: str) -> str:
    """The column that holds a fact of a rule, in the statement that sql/conditions.py makes."""
    if name in LINE_FACTS:
        return f"lines.{name}"
    columns = [
        f"features_{subject}.{name}"
        for subject in ("consumer", "enterprise")
        if any(item.name == name for item in characteristics().of(subject))
    ]
    return columns[0] if len(columns) == 1 else f"coalesce({', '.join(columns)})"


def segment_reference(name: str) -> str:
    """The column that holds a fact of a segment's condition."""
    return f"segment_fact.{name}"


PAGE = """\
# Conditions

A policy may say *when* in its own words: a segment takes the lines that meet its `when`, a `[[rule]]` refers
lines, holds them or lets them not rise. A condition is one SQL-like expression over the facts below. This
page is made by `python -m linewatch.facts > docs/conditions.md`; a test holds it current.

```toml
[[rule]]
name = "thin_cash_flow"
when = "operating_cash_flow_cents * 100 // nullif(owed_cents, 0) < 10 and has_statement"
then = "refer"
segments = ["small_enterprise", "enterprise"]
because = "Cash flow under a tenth of what is owed: someone looks. Credit committee minute of 2026-03-02."
```

## What may stand in one

- Facts, whole numbers, `'texts'`, `true`, `false`, days as `date '2026-01-31'`.
- `and`, `or`, `not`; `=`, `<>`, `<`, `<=`, `>`, `>=`; `is null`, `is not null`, `is true`, `is false`;
  `in (1, 2)`, `between 1 and 5`.
- `+`, `-`, `*`, `//` (whole division, towards zero), `coalesce`, `nullif`, `least`, `greatest`, `abs`. The
  divisor of `//` is a number other than 0, or `nullif(…, 0)`.
- At most {characters:,} characters, {tokens} words and signs, {depth} deep in brackets. No comments: the
  reason stands in `because`.

Anything else is refused when the document is read, with the part that may not stand: tables, files,
settings, other functions, a second statement. What runs is written anew from what was read, and the
document's text never reaches the database. Nothing can overflow, and nothing divides by zero.

**Unknown stays unknown.** `net_monthly_income_cents < 500000` is neither true nor false for a line whose
income is unknown, and a condition that is not true is not met. Say `is null` or `coalesce` where the unknown
should count.

`policy check` names conditions, and parts of them, that are always met or never. It tries every
border that the condition names, so it finds all of those that compare facts with numbers; of sums of facts
it may miss some.

## Facts of a rule

A rule is asked of every line that is not closed, once its facts are known and before it walks.

{rule_facts}
Beside these, every characteristic of [characteristics.md](characteristics.md) by its name; unknown where the
borrower has none of that kind.

## Facts of a segment's condition

A segment is found before limits in force and scores are known.

{segment_facts}"""


def page() -> str:
    """docs/conditions.md, whole."""
    return PAGE.format(
        characters=MOST_CHARACTERS,
        tokens=MOST_TOKENS,
        depth=MOST_DEPTH,
        rule_facts=_table(LINE_FACTS),
        segment_facts=_table(SEGMENT_FACTS),
    )


def _table(facts: Mapping[str, Fact]) -> str:
    rows = [
        f"| `{name}` | {fact.range.kind} | {_unknown(fact)} | {fact.means}{_among(fact)} |"
        for name, fact in facts.items()
    ]
    return "\n".join(["| fact | kind | unknown | means |", "|---|---|---|---|", *rows, ""])


def _unknown(fact: Fact) -> str:
    return "never" if fact.range.known else "may be"


def _among(fact: Fact) -> str:
    return f" One of {', '.join(f'`{text}`' for text in fact.range.among)}." if fact.range.among else ""


if __name__ == "__main__":
    sys.stdout.write(page())
