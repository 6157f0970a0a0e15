"""How seconds grow with the borrowers: time ~ borrowers ** exponent."""

from collections.abc import Mapping
from math import log

LEAST = 100_000
"""Below this what every night costs, however small, would make growth look slower than it is."""


def exponent(seconds: Mapping[int, float]) -> float | None:
    """The slope of the least-squares line through (log borrowers, log seconds); None of fewer than two."""
    if len(seconds) < 2:
        return None
    points = [(log(size), log(taken)) for size, taken in seconds.items()]
    middle_x, middle_y = (sum(each) / len(points) for each in zip(*points, strict=True))
    covariance = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return round(covariance / sum((x - middle_x) ** 2 for x, _ in points), 3)


def between_the_largest(seconds: Mapping[int, float]) -> float | None:
    """The same of the two largest sizes alone, where the constant costs weigh least."""
    return exponent({size: seconds[size] for size in sorted(seconds)[-2:]})
