"""Whatever is done to a record, in whatever order, it adds up: on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ledger.any_order import AnyOrder


class AnyOrderShared(AnyOrder):
    """The same, with the record in PostgreSQL."""

    shared = True


def look(machine: type[AnyOrder], examples: int, steps: int) -> None:
    checks = list(HealthCheck)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
        ),
    )


@pytest.mark.parametrize(("machine", "examples", "steps"), [(AnyOrder, 2, 10), (AnyOrderShared, 1, 5)])
def test_whatever_is_done_in_whatever_order_the_record_adds_up(
    machine: type[AnyOrder], examples: int, steps: int
) -> None:
    look(machine, examples, steps)


@pytest.mark.torture
@pytest.mark.parametrize(("machine", "examples"), [(AnyOrder, 60), (AnyOrderShared, 15)])
def test_in_many_more_and_longer_orders_the_record_adds_up(machine: type[AnyOrder], examples: int) -> None:
    look(machine, examples, steps=30)
