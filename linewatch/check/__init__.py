"""What a reader of documents would stumble over: rules that can never apply, borders that contradict."""

from __future__ import annotations

from linewatch.check import card, matrix, people, policy, segment
from linewatch.check.finding import Finding
from linewatch.documents import Documents


def findings(documents: Documents) -> list[Finding]:
    """Every finding on documents that are each whole, faults first."""
    found = [
        *segment.findings(documents),
        *matrix.findings(documents.policy),
        *policy.findings(documents),
        *card.findings(documents),
        *people.findings(documents),
    ]
    return sorted(found, key=lambda each: not each.is_fault)


__all__ = ["Finding", "findings"]
