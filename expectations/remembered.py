"""Kinds of Great Expectations' whose expectations make their configuration once.

Its own make it anew whenever it is asked for, some ninety times for each expectation: a third of what the
promises of a small night took.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.expectations.registry import get_expectation_impl

CONFIGURATION, MADE = "configuration", "_made"


@cache
def remembering(kind: str) -> str:
    """The name of a kind that differs from the given one in nothing else."""
    theirs: Any = get_expectation_impl(kind)

    def configuration(self: Any) -> Any:
        if getattr(self, MADE) is None:
            object.__setattr__(self, MADE, getattr(super(ours, self), CONFIGURATION))
        return getattr(self, MADE)

    def set_attribute(self: Any, name: str, value: Any) -> None:
        super(ours, self).__setattr__(name, value)
        object.__setattr__(self, MADE, None)

    ours: Any = type(theirs)(
        f"{theirs.__name__}Remembering",
        (theirs,),
        {
            "__module__": __name__,
            "__setattr__": set_attribute,
            CONFIGURATION: property(configuration),
            MADE: PrivateAttr(default=None),
        },
    )
    return str(ours.expectation_type)
