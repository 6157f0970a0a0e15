"""Random lenders in which most lines are odd in some way, and many amounts lie on a border."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from linewatch.documents import Documents
from tests.decisions.small_lender import SmallLender
from tests.oracle.made_up.borrowers import borrower
from tests.oracle.made_up.odds import Odds
from tests.oracle.made_up.ties import covers, links
from tests.oracle.policies import NAMES, documents_under, with_more_law

RATES = {"CNY": 1_000_000, "TWD": 228_137, "USD": 7_183_333, "SGD": 5_512_345, "GBP": 9_001_111}
LICENCES = ["online_microlender", "online_microlender", "bank", "consumer_credit", "private_lender"]


def random_lender(
    seed: int,
    lines: int,
    *,
    oddness: float | None = None,
    nights_before: float = 0.6,
    policy: str | None = None,
) -> SmallLender:
    """About `lines` lines; each oddity befalls a borrower or line with the share `oddness`."""
    random = Random(seed)
    oddness = oddness if oddness is not None else random.choice([0.01, 0.03, 0.08, 0.2])
    as_of = random.choice([date(2026, 11, 21), date(2026, 10, 31), date(2027, 2, 28), date(2026, 12, 1)])
    before = as_of - timedelta(days=random.choice([1, 1, 7, 31]))
    lender = SmallLender(
        as_of=as_of,
        previous_as_of=before,
        documents=_documents(random, policy or random.choice(NAMES), as_of),
    )
    odds = Odds(lender, random, oddness, random.random() < nights_before)
    _rates(odds)
    while len(lender.rows["facility"]) < lines:
        borrower(odds)
    links(odds)
    covers(odds)
    return lender


def _documents(random: Random, policy: str, as_of: date) -> Documents:
    """Lenders of several licences, some of them small enough for their capital to bind."""
    documents = documents_under(policy, as_of)
    if random.random() < 0.5:
        documents = with_more_law(documents)
    capital = random.choice([5_000_000_000_00, 40_000_000_00, 9_000_000_01])
    profile = documents.profile.model_copy(
        update={
            "licence": random.choice(LICENCES),
            "net_assets_cents": capital,
            "tier1_cents": capital * 4 // 5,
        }
    )
    return replace(documents, profile=profile)


def _rates(odds: Odds) -> None:
    for currency, rate in RATES.items():
        if currency != "CNY":
            for back, factor in ((400, 90), (3, 100), (-2, 70)):
                day = odds.as_of - timedelta(days=back)
                odds.lender.add("fx_rate", currency=currency, as_of=day, rate_ppm=rate * factor // 100)
    for back, rate_bp in ((300, 345), (2, 310), (-1, 900)):
        day = odds.as_of - timedelta(days=back)
        odds.lender.add("reference_rate", name="LPR_1Y", as_of=day, rate_bp=rate_bp)
