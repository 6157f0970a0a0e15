"""How far two readers agree beyond what chance alone would give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def agreed_of(pairs: Mapping[tuple[str, str], int]) -> int:
    """On how many items both readers said the same; `pairs` counts items by what the two said of them."""
    return sum(items for (first, second), items in pairs.items() if first == second)


def kappa_hundredths(pairs: Mapping[tuple[str, str], int]) -> int | None:
    """Cohen's kappa of items by what two readers said of each, in hundredths, rounded down.

    kappa = (po - pe) / (1 - pe), where po is the share of items on which both said the same and pe the share
    to be expected of two who answer by chance, each as often so as they did (J. Cohen, A coefficient of
    agreement for nominal scales, Educational and Psychological Measurement 20 (1960), 37-46). In whole
    numbers, with n items, d of them agreed on and c the sum over the answers of the first reader's count
    times the second's: (dn - c) / (nn - c). Of 50 items both keep 20 and both approve 15; the first alone
    keeps 5 and the second alone 10: n = 50, d = 35, c = 25 x 30 + 25 x 20 = 1250, so 500 / 1250 = 0.40, 40.

    None where it is undefined: there are no items, or both said one and the same of all of them.
    """
    items = sum(pairs.values())
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), count in pairs.items():
        first[one] += count
        second[other] += count
    by_chance = sum(count * second[said] for said, count in first.items())
    room = items * items - by_chance
    return (agreed_of(pairs) * items - by_chance) * 100 // room if room else None
