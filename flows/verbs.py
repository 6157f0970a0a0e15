"""What each command that needs no night answers: a verb of tasks/, its object, and the words for a person.

A verb is imported where it is asked for: its libraries would cost every other command a second.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

from flows import clock
from flows.nights import words
from flows.outcome import keep, outcome
from flows.request import Request
from flows.terminal import Reply


def init(directory: Path) -> Reply:
    from tasks import init as verb

    written = verb.init(directory)
    words = [
        f"{len(written.files)} files written under {directory}:",
        *(f"  {path}" for path in written.files),
    ]
    words += ["Change them, then:", f"  linewatch night --profile {written.profile} --source SPEC"]
    content = {"profile": str(written.profile), "files": [str(path) for path in written.files]}
    return Reply(content, "\n".join(words))


def demo(
    out: Path,
    *,
    borrowers: int,
    seed: int,
    nights: int,
    every: Literal["day", "month"],
    dirty: float,
    feedback: Path | None,
    as_of: date | None,
) -> Reply:
    from tasks.demo import REFERENCE_ON, write_demo

    written = write_demo(
        out,
        borrowers=borrowers,
        seed=seed,
        nights=nights,
        every=every,
        last_as_of=as_of or REFERENCE_ON,
        dirty_share_ppm=round(dirty * 1_000_000),
        feedback=feedback,
    )
    content = {
        "out": str(out.absolute()),
        "nights": [
            {
                "night": night.as_of.isoformat(),
                "folder": str(night.folder.absolute()),
                "rows": dict(night.rows),
                "best_auc_bp": night.best_auc,
                "planted": dict(night.planted),
            }
            for night in written
        ],
    }
    words = [_demo_night(night) for night in content["nights"]]
    return Reply(content, "\n".join(words) or "Every night asked for is committed in that home already.")


def _demo_night(night: dict[str, Any]) -> str:
    rows = sum(night["rows"].values())
    words = f"{night['folder']}: {rows:,} rows in {len(night['rows'])} tables"
    if night["best_auc_bp"] is not None:
        words += f", AUC of the best possible score {night['best_auc_bp'] / 10_000:.4f}"
    if night["planted"]:
        words += f", {sum(night['planted'].values()):,} bad rows planted"
    return words


def explain(home: Path, facility: str, as_of: date | None) -> Reply:
    begun(home)
    from tasks.explain import explain as verb

    explained = verb(home, facility, as_of)
    return Reply(dict(explained.content), explained.text)


def status(home: Path) -> Reply:
    from tasks import status as verb

    found = verb.status(home, clock.now().date())
    return Reply(found, verb.words(found))


def queue_export(home: Path, as_of: date | None, kind: str, team: str | None, limit: int | None) -> Reply:
    begun(home)
    from tasks.export import export_queue

    queue = export_queue(home, as_of, kind, team, limit)
    content = {
        "night": queue.as_of.isoformat(),
        "path": str(queue.path),
        "cases": queue.cases,
        "lines": queue.lines,
    }
    return Reply(
        content, f"{queue.path}: {queue.lines:,} lines of {queue.cases:,} cases, night of {queue.as_of}"
    )


def scorecard_check(
    scorecard: Path | None, source: str | None, outcome: Path | None, as_of: date | None
) -> Reply:
    from tasks.scorecard import check_scorecard

    check = check_scorecard(scorecard=scorecard, source=source, outcome=outcome, as_of=as_of)
    return Reply(check.as_json(), check.as_text())


def approve(home: Path, as_of: date, by: str, because: str) -> Reply:
    """Commit the held bytes, publish them and hand out the queue: what the night itself would have done."""
    begun(home)
    from tasks.approve import approve as verb
    from tasks.approve import check_held
    from tasks.export import export_night
    from tasks.lock import turn
    from tasks.publish import publish_due

    moment = clock.now()
    check_held(home, as_of)
    night = Request(source="", as_of=as_of, home=str(home)).night(scheduled=moment, recorded_at=moment)
    with turn(home, f"approve {as_of}", moment):
        receipt = verb(home, as_of, by=by, because=because, recorded_at=moment)
        publish_due(night)
        export_night(home, as_of)
        found = outcome(night, receipt, seconds={})
        keep(night, found)
    return Reply(found, words(found))


def discard(home: Path, as_of: date, by: str, because: str) -> Reply:
    begun(home)
    from tasks.approve import check_held
    from tasks.approve import discard as verb
    from tasks.lock import turn

    moment = clock.now()
    check_held(home, as_of)
    with turn(home, f"discard {as_of}", moment):
        receipt = verb(home, as_of, by=by, because=because, recorded_at=moment)
    again = f"linewatch night --as-of {as_of} --source SPEC --home {home}"
    content = {"night": as_of.isoformat(), "status": "discarded", "root": receipt.root, "next": again}
    return Reply(content, f"{as_of}: discarded; the day may be run again.\n  now          {again}")


def begun(home: Path) -> None:
    """See that a night was ever begun in this home; asking must not make one. Raises NotFound."""
    from tasks.status import status

    status(home, clock.now().date())
