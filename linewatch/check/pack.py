"""Records of law that can never bind, and registers in which nobody may act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from linewatch.check.finding import Finding
from linewatch.documents import Documents


def findings(documents: Documents) -> Iterator[Finding]:
    for pack in documents.packs.values():
        told = f"pack {pack.id}"
        twice = [name for name, count in Counter(record.id for record in pack.record).items() if count > 1]
        for name in twice:
            yield Finding("fault", told, f"record {name}", "the id stands twice")
        for record in pack.record:
            if record.effective_to is not None and record.effective_to <= record.effective_from:
                says = f"never binds: it ends on {record.effective_to}, before it begins"
                yield Finding("fault", told, f"record {record.id}", says)
    profile = documents.profile
    if profile.people and not any("approver" in person.roles for person in profile.people):
        says = "names no approver: a held night could be neither approved nor discarded"
        yield Finding("fault", f"profile {profile.id}", "people", says)
