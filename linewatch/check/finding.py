"""A finding on a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """A fault cannot be meant; a warning can, and should be looked at."""

    kind: Literal["fault", "warning"]
    document: str
    """Kind and id, as `policy default-policy`."""
    key: str
    says: str

    @property
    def is_fault(self) -> bool:
        return self.kind == "fault"

    def __str__(self) -> str:
        return f"{self.document}: {self.key}: {self.says}"
