"""How usual and how odd a random lender is."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.decisions.small_lender import MONTHS, SmallLender
from tests.oracle.arithmetic import add_months, month_end, months_ago


class Odds:
    """Draws the usual or the odd, for one lender."""

    def __init__(self, lender: SmallLender, random: Random, oddness: float, known_before: bool) -> None:
        self.lender, self.random, self.oddness = lender, random, oddness
        self.known_before = known_before
        self.in_grace = random.random() < 0.5
        self.good = False
        """The borrower at hand is one whose limit would rise."""
        self.as_of = lender.as_of
        self.names: list[str] = []

    def odd(self, share: float = 1.0) -> bool:
        return self.random.random() < self.oddness * share

    def one(self, usual: Any, *odd: Any, share: float = 1.0) -> Any:
        """The usual value, or at times one of the odd ones."""
        return self.random.choice(odd) if self.odd(share) else usual

    def day(self, most_days: int, least_days: int = 0) -> date:
        """A day before as_of; often one whole months before, where borders are."""
        if self.random.random() < 0.4:
            months = self.random.choice([1, 3, 4, 6, 9, 12, 12, 18, 24, 36])
            day = add_months(self.as_of, -months) + timedelta(days=self.random.choice([-1, 0, 0, 1]))
            if (self.as_of - day).days <= most_days:
                return day
        return self.as_of - timedelta(days=self.random.randint(least_days, most_days))

    def closed(self, number: int) -> list[date]:
        last = MONTHS[-1]
        while months_ago(last, self.as_of) < 0 or month_end(add_months(last, 1)) <= self.as_of:
            last = add_months(last, 1 if months_ago(last, self.as_of) > 0 else -1)
        return [add_months(last, -ago) for ago in range(number)]
