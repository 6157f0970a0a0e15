"""What must always hold, on every line of the generated lender: three nights under three policies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.decisions.always import broken
from tests.decisions.demo_lender import made, nights_of
from tests.oracle.policies import NAMES, SHIPPED


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.mark.parametrize(
    ("borrowers", "policy"),
    [
        (2_000, SHIPPED),
        *(pytest.param(2_000, policy, marks=pytest.mark.slow) for policy in NAMES if policy != SHIPPED),
        *(pytest.param(50_000, policy, marks=pytest.mark.slow) for policy in NAMES),
    ],
)
def test_every_line_of_three_nights_keeps_what_must_always_hold(
    place: Path, policy: str, borrowers: int
) -> None:
    actions: Counter[str] = Counter()
    for number, night in enumerate(nights_of(made(place, borrowers), policy)):
        found = broken(night)
        told = {name: (len(rows), rows[0]) for name, rows in found.items()}
        assert not found, (night.as_of, told)
        actions.update(row["action"] for row in night.decisions)
        if number:
            assert {row["limit_origin"] for row in night.decisions} == {"source"}
    assert {"hold", "decrease", "freeze"} <= set(actions)
    assert {"increase", "offer"} & set(actions)
