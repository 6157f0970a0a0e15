"""`linewatch policy simulate`: a past night under drafts of its documents, beside what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from flows.again import decided_again
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.errors import DocumentRefused
from tasks.again import standing
from tasks.simulate import simulate


def answer(
    home: Path,
    as_of: date | None,
    drafts: Mapping[str, Sequence[Path]],
    outcome: Path | None,
    out: Path | None,
) -> Reply:
    if not any(drafts.values()):
        raise DocumentRefused(
            ["no draft is named"],
            what_now="Name one: linewatch policy simulate --policy FILE (or --scorecard, --pack)",
        )
    begun(home)
    batch = standing(home, as_of)
    with decided_again(home, batch.as_of, drafts=drafts) as night:
        found = simulate(night, batch, outcome)
    files = found.write(out) if out else []
    told = found.text + "".join(f"\n\n{path}" if not at else f"\n{path}" for at, path in enumerate(files))
    return Reply({**found.content, "files": [str(path.absolute()) for path in files]}, told)
