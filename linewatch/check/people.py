"""A register in which nobody may act."""

from __future__ import annotations

from collections.abc import Iterator

from linewatch.check.finding import Finding
from linewatch.documents import Documents


def findings(documents: Documents) -> Iterator[Finding]:
    profile = documents.profile
    if profile.people and not any("approver" in person.roles for person in profile.people):
        says = "names no approver: a held night could be neither approved nor discarded"
        yield Finding("fault", f"profile {profile.id}", "people", says)
