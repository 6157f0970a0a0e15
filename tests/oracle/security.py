"""What covers are worth (docs/policy.md, section 1, security)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.oracle.arithmetic import WHOLE, months_between
from tests.oracle.book import Book, Row, in_force

if TYPE_CHECKING:
    from tests.oracle.line import Line


@dataclass(frozen=True)
class Cover:
    """One cover that counts; `most_cents` None: no bound, `days` None: the whole horizon."""

    guarantee_id: str
    kind: str
    provider_id: str
    share_bp: int
    most_cents: int | None
    days: int | None
    loss_rate_e8: int | None


def in_force_now(book: Book, guarantee: Row) -> bool:
    return guarantee["status"] in (None, "active") and in_force(guarantee, book.as_of)


def counting(line: Line) -> list[Row]:
    """The covers of a line that count."""
    rows = [row for row in line.book.of("guarantee", "facility_id", line.id) if in_force_now(line.book, row)]
    return [row for row in rows if row["kind"] == "collateral" or _provider_counts(line, row)]


def _provider_counts(line: Line, row: Row) -> bool:
    if row["kind"] not in ("guarantor", "insurance"):
        return False
    book, provider = line.book, row["provider_id"]
    if book.group_of.get(provider, provider) == line.group_id:
        return False
    return not provider_in_default(book, provider) and _terms(book, row) is not None


def provider_in_default(book: Book, provider: str) -> bool:
    """Whether a provider's word covers nothing; of one in quarantine nothing is asked."""
    if provider in book.quarantined:
        return False
    borrower = book.borrowers.get(provider, {})
    deceased = borrower.get("deceased_on")
    return (
        provider in book.in_default
        or borrower.get("fraud_flag") == "first_party"
        or (deceased is not None and deceased <= book.as_of)
    )


def provider_in_quarantine(line: Line) -> bool:
    """Whether a stranger for tonight stands behind an open line of the borrower."""
    book = line.book
    return any(
        row["kind"] in ("guarantor", "insurance")
        and row["provider_id"] in book.quarantined
        and book.group_of.get(row["provider_id"], row["provider_id"]) != line.group_id
        and in_force_now(book, row)
        for name in book.open_lines.get(line.borrower_id, ())
        for row in book.of("guarantee", "facility_id", name)
    )


def _terms(book: Book, row: Row) -> tuple[int, int] | None:
    """PD and LGD of the provider's grade; None: the policy knows no such grade and no `unknown`."""
    terms = {item.grade: (item.pd_bp, item.lgd_bp) for item in book.policy.provider_grade}
    return terms.get(row["provider_grade"], terms.get("unknown"))


def covers_of(line: Line) -> list[Cover]:
    return [_cover(line, row) for row in counting(line)]


def taking_part(line: Line, covers: list[Cover]) -> list[Cover]:
    """The covers cheaper than the line itself, in turn; a slot knows none."""
    if line.slot is not None:
        return []
    cheaper = [(c.loss_rate_e8, c.guarantee_id, c) for c in covers if c.loss_rate_e8 is not None]
    return [c for rate, _, c in sorted(cheaper, key=lambda each: each[:2]) if rate < line.own_loss_rate]


def _cover(line: Line, row: Row) -> Cover:
    book, whole = line.book, line.book.horizon_days
    left = (row["valid_until"] - book.as_of).days if row["valid_until"] is not None else whole
    return Cover(
        guarantee_id=row["guarantee_id"],
        kind=row["kind"],
        provider_id=row["provider_id"],
        share_bp=max(0, min(row["covered_share_bp"], WHOLE)),
        most_cents=_most(book, row),
        days=left if left < whole else None,
        loss_rate_e8=_loss_rate(line, row),
    )


def _most(book: Book, row: Row) -> int | None:
    if row["kind"] != "collateral":
        cap: int | None = row["cap_cents"]
        return cap
    worth = (row["value_cents"] or 0) * (WHOLE - _haircut(book, row)) // WHOLE
    return worth if row["cap_cents"] is None else min(worth, row["cap_cents"])


def _haircut(book: Book, row: Row) -> int:
    rows = book.policy.valuation_haircut
    if row["valued_on"] is None:
        return rows[-1].haircut_bp
    age = months_between(row["valued_on"], book.as_of)
    return next(item.haircut_bp for item in rows if item.up_to_months is None or item.up_to_months >= age)


def _loss_rate(line: Line, row: Row) -> int | None:
    book = line.book
    if row["kind"] == "collateral":
        if line.score is None or line.score["pd_bp"] is None or line.segment is None:
            return None
        lgd = min(line.segment.expected_loss.lgd_bp, book.policy.security.collateral_lgd_bp)
        return int(line.score["pd_bp"]) * lgd
    terms = _terms(book, row)
    assert terms
    score = book.score_of.get(row["provider_id"])
    own = score["pd_bp"] if score and row["provider_id"] not in book.quarantined else None
    return max(terms[0], own or 0) * terms[1]


def counts_for_less(then: Cover, now: Cover | None) -> bool:
    """Whether a cover of the anchor is worth less tonight."""
    if now is None or now.share_bp < then.share_bp:
        return True
    return _under(now.most_cents, then.most_cents) or _under(now.days, then.days)


def _under(now: int | None, then: int | None) -> bool:
    """None is the largest."""
    return now is not None and (then is None or now < then)


def _larger(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def with_those_of_the_anchor(now: list[Cover], then: list[Cover], whole: int) -> list[Cover]:
    """Tonight's covers, each of the anchor's as good as it ever was."""
    standing = {cover.guarantee_id: cover for cover in now}
    for cover in then:
        tonight = standing.get(cover.guarantee_id)
        if tonight is None:
            days = None if cover.days is None or cover.days >= whole else cover.days
            standing[cover.guarantee_id] = replace(cover, days=days)
        else:
            days = _larger(tonight.days, cover.days)
            standing[cover.guarantee_id] = replace(
                tonight,
                share_bp=max(tonight.share_bp, cover.share_bp),
                most_cents=_larger(tonight.most_cents, cover.most_cents),
                days=None if days is None or days >= whole else days,
            )
    return list(standing.values())
