"""Makes docs/letters-gallery.html again: invented lines through the real writer, whenever its words change.

python -m tests.letters.gallery
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from tasks.draft import Writer
from tasks.letters.gallery import Shown, gallery_page
from tasks.letters.letter import Letter
from tests.tasks.decisions_fixture import notices, profile

PAGE = Path(__file__).parents[2] / "docs" / "letters-gallery.html"
NIGHT = date(2026, 11, 20)
TITLE = "How letters read"
TOLD = (
    "24 letters of invented lines, as Linewatch drafts them with the words that it ships. None of these"
    " people, lines and amounts exists. Made by: python -m tests.letters.gallery"
)
LAW: dict[str, dict[str, Any]] = {
    "CN": {"currency": "CNY", "language": "zh"},
    "GB": {"currency": "GBP", "language": "en"},
    "US": {"currency": "USD", "language": "en"},
    "SG": {"currency": "SGD", "language": "en"},
    "DE": {"currency": "EUR", "language": "en"},
}
"""Countries of the shipped packs, each with its money and the language that most of its letters have here."""
CUT: dict[str, Any] = {"kind": "decrease", "limit_cents": 4_000_000, "proposed_limit_cents": 2_850_000}
RISE: dict[str, Any] = {"kind": "increase", "limit_cents": 1_500_000, "proposed_limit_cents": 2_100_000}
OFFER: dict[str, Any] = {"kind": "offer", "limit_cents": 800_000, "proposed_limit_cents": 1_250_000}
STILL: dict[str, Any] = {"limit_cents": 1_275_050, "proposed_limit_cents": 1_275_050}
FREEZE: dict[str, Any] = {**STILL, "kind": "freeze"}
RATE: dict[str, Any] = {**STILL, "kind": "rate", "rate_bp": 1825, "proposed_rate_bp": 1549}
FIRM: dict[str, Any] = {"borrower_type": "enterprise"}
BACK: dict[str, Any] = {"kind": "correction", "limit_cents": 2_850_000, "proposed_limit_cents": 4_000_000}
LINES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("CN", "王芳", {**CUT, "reason_codes": ["late_payments", "utilisation"]}),
    ("CN", "Ann Tan", {**CUT, "language": "en", "reason_codes": ["income_insufficient"]}),
    ("GB", "Ann Lee", {**CUT, "reason_codes": ["external_debt", "external_arrears", "inquiries"]}),
    ("GB", "李磊", {**CUT, "language": "zh", "reason_codes": ["payment_share", "cash_use"]}),
    ("US", "John Miller", {**CUT, "deadline_on": date(2026, 12, 21), "reason_codes": ["utilisation"]}),
    ("SG", "Tan Wei Ming", {**CUT, "reason_codes": ["debt_over_legal_limit"]}),
    ("DE", "Erika Muster", {**CUT, "rate_bp": 1299, "proposed_rate_bp": 1199, "reason_codes": ["tenure"]}),
    ("CN", "某某贸易有限公司", {**CUT, **FIRM, "reason_codes": ["liquidity", "leverage"]}),
    ("US", "Example Tools Inc.", {**CUT, **FIRM, "reason_codes": ["cash_flow"]}),
    ("CN", "张伟", {**FREEZE, "reason_codes": ["default_90_dpd"]}),
    ("US", "Mary Major", {**FREEZE, "deadline_on": date(2026, 12, 21), "reason_codes": ["late_payments"]}),
    ("CN", "赵敏", {**FREEZE, "reason_codes": ["deceased"]}),
    ("GB", "Peter Grey", {**FREEZE, "reason_codes": ["deceased"]}),
    ("CN", "孙丽", {**FREEZE, "reason_codes": ["fraud_victim_block"]}),
    ("GB", "Mary Ward", {**FREEZE, "reason_codes": ["fraud_victim_block"]}),
    ("CN", "周强", {**STILL, "kind": "unfreeze"}),
    ("SG", "Lim Mei Ling", {**STILL, "kind": "unfreeze"}),
    ("CN", "吴静", RISE),
    ("US", "Jane Roe", {**RISE, "rate_bp": 2199, "proposed_rate_bp": 1999}),
    ("CN", "郑华", OFFER),
    ("GB", "", OFFER),
    ("CN", "", RATE),
    ("DE", "Max Muster", RATE),
    ("GB", "Ann Lee", BACK),
)
"""Country, name, and what else is decided of a line."""


def rows() -> list[dict[str, Any]]:
    """The invented lines as rows of reviews/letters, with whatever columns the writer reads."""
    return [
        {
            "facility_id": f"F{number:09}-1",
            "borrower_id": f"B{number:09}",
            "borrower_type": "consumer",
            "jurisdiction": country,
            "rate_bp": 1800,
            "proposed_rate_bp": 1800,
            "effective_on": date(2026, 12, 7),
            "decided_on": date(2026, 10, 20),
            "deadline_on": None,
            "reason_codes": [],
            "name": name or None,
            **LAW[country],
            **facts,
        }
        for number, (country, name, facts) in enumerate(LINES, start=1)
    ]


def of_the_night() -> Writer:
    """Who writes them, under the documents that Linewatch ships."""
    return Writer(notices(), profile(), NIGHT)


def shown() -> Iterator[Shown]:
    """Their letters. Raises ValueError for one that says anything but what was decided."""
    writer = of_the_night()
    for row in rows():
        draft, faults = writer.checked(row)
        if faults:
            raise ValueError(f"{row['facility_id']}: {'; '.join(faults)}")
        told = {name: draft[name] for name in Letter.__dataclass_fields__ if name in draft}
        change = None if row["kind"] == "offer" else sha256(row["facility_id"].encode()).hexdigest()[:32]
        letter = Letter(**told, batch="invented", as_of=NIGHT, text=draft["body"], change_id=change)
        yield Shown(letter, row["jurisdiction"])


def page() -> str:
    return gallery_page(TITLE, TOLD, list(shown()))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PAGE}\n")
