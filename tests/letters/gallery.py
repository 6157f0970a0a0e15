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

from linewatch.documents import load_documents
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
OFFER: dict[str, Any] = {
    "kind": "offer",
    "limit_cents": 800_000,
    "proposed_limit_cents": 1_250_000,
    "reply_by_on": date(2026, 12, 21),
}
STILL: dict[str, Any] = {"limit_cents": 1_275_050, "proposed_limit_cents": 1_275_050}
FREEZE: dict[str, Any] = {**STILL, "kind": "freeze"}
RATE: dict[str, Any] = {**STILL, "kind": "rate", "rate_bp": 1825, "proposed_rate_bp": 1549}
FIRM: dict[str, Any] = {"borrower_type": "enterprise"}
BACK: dict[str, Any] = {"kind": "correction", "limit_cents": 2_850_000, "proposed_limit_cents": 4_000_000}
CAUSED: dict[str, Any] = {
    "caused_since_on": date(2026, 8, 20),
    "cause_circumstances_cents": -700_000,
    "cause_conduct_cents": -520_000,
    "cause_elapsed_time_cents": 0,
    "cause_security_cents": 0,
    "cause_related_cents": -180_000,
    "cause_market_cents": 0,
    "cause_data_cents": 0,
    "cause_model_cents": -150_000,
    "cause_policy_cents": -300_000,
    "cause_regulation_cents": 0,
}
SINCE_THEN: dict[str, Any] = {
    "advice_amount_cents": None,
    "advice_by_on": date(2027, 4, 30),
    "advice_counts_on": date(2027, 5, 20),
    "advice_limit_cents": 3_600_000,
}
PAYING: dict[str, Any] = {
    **SINCE_THEN,
    "advice_standing": "indication",
    "advice_code": "pay_down_on_time",
    "advice_amount_cents": 120_000,
}
PROMISED: dict[str, Any] = {**SINCE_THEN, "advice_standing": "promise", "advice_code": "on_time"}
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("advice_amount_cents", "advice_by_on", "advice_counts_on", "advice_limit_cents")),
    "advice_standing": "nothing",
    "advice_code": "nothing_theirs",
}
KEPT: dict[str, Any] = {**RISE, "kind": "promise_kept", "promised_on": date(2026, 5, 20)}
WARNED: dict[str, Any] = {
    **CUT,
    **PAYING,
    "kind": "early_warning",
    "advice_by_on": date(2026, 12, 31),
    "advice_counts_on": date(2027, 1, 20),
    "reason_codes": ["utilisation"],
    "figures": {"utilisation_3m_bp": 9120},
}
INVITED: dict[str, Any] = {**STILL, "kind": "invitation", "reply_by_on": date(2026, 12, 4)}
MEASURED: dict[str, Any] = {"figures": {"late_months_12m": 2, "utilisation_3m_bp": 8640}}
LINES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    (
        "CN",
        "王芳",
        {**CUT, **CAUSED, **PAYING, **MEASURED, "reason_codes": ["late_payments", "utilisation"]},
    ),
    ("GB", "Ann Lee", {**CUT, **CAUSED, **NOTHING, "reason_codes": ["external_debt", "inquiries"]}),
    ("GB", "李磊", {**CUT, **CAUSED, **PROMISED, "language": "zh", "reason_codes": ["payment_share"]}),
    (
        "US",
        "John Miller",
        {
            **CUT,
            **CAUSED,
            **PAYING,
            **MEASURED,
            "deadline_on": date(2026, 12, 20),
            "reason_codes": ["utilisation"],
        },
    ),
    ("CN", "张伟", {**FREEZE, "reason_codes": ["default_90_dpd"]}),
    ("CN", "赵敏", {**FREEZE, "reason_codes": ["deceased"]}),
    ("GB", "Peter Grey", {**FREEZE, "reason_codes": ["deceased"]}),
    ("CN", "孙丽", {**FREEZE, "reason_codes": ["fraud_victim_block"]}),
    ("GB", "Mary Ward", {**FREEZE, "reason_codes": ["fraud_victim_block"]}),
    ("CN", "周强", {**STILL, "kind": "unfreeze"}),
    ("SG", "Lim Mei Ling", {**STILL, "kind": "unfreeze"}),
    ("CN", "吴静", RISE),
    ("US", "Jane Roe", {**RISE, "rate_bp": 2199, "proposed_rate_bp": 1999}),
    ("CN", "某某贸易有限公司", {**OFFER, **FIRM}),
    ("GB", "", OFFER),
    ("CN", "", RATE),
    ("DE", "Max Muster", RATE),
    ("GB", "Ann Lee", BACK),
    ("CN", "冯雪", KEPT),
    ("GB", "Ann Cole", KEPT),
    ("CN", "陈晨", WARNED),
    ("SG", "Lee Hui Min", WARNED),
    ("CN", "Example Works", {**INVITED, **FIRM, "meeting": "site_visit", "language": "zh"}),
    ("GB", "Ann Reed", {**INVITED, "meeting": "interview"}),
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
    packs = load_documents(NIGHT).packs
    return Writer(notices(), profile(), NIGHT, packs=packs, law_on=NIGHT)


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
