"""`linewatch night`: one day, or the missed days in order, in this process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from flows import clock
from flows.outcome import FOR_PEOPLE
from flows.request import Request
from flows.terminal import Reply, progress, refusal
from linewatch.counting import counted
from linewatch.errors import DataRefused, DocumentRefused, LinewatchError, NotFound
from linewatch.room import MB, check_room, check_usable


def run(request: Request, first: date | None, last: date | None, *, debug: bool) -> Reply:
    """Run the night asked for, or every night from `first` to `last`; stop at the first that is not done."""
    requests = asked(request, first, last)
    if not requests:
        return Reply(
            {"nights": [], "status": "unchanged"}, "Nothing to catch up: a later night is committed."
        )
    ready(requests[0])
    with progress() as watcher:
        from flows.running import Runner

        runner = Runner(request.folder, debug=debug)
        outcomes: list[dict[str, Any]] = []
        for one in requests:
            try:
                outcomes.append(runner.night(one, watcher))
            except LinewatchError as error:
                ended = refused(error, one)
                return several(outcomes, ended) if len(requests) > 1 else ended
            if outcomes[-1]["status"] == "held":
                break
    return one_night(outcomes[0]) if len(requests) == 1 else several(outcomes)


def asked(request: Request, first: date | None, last: date | None) -> list[Request]:
    """The nights to run, in order; of those to catch up, the ones after the newest that is committed.

    Raises DocumentRefused where the days make no sense.
    """
    day = request.day(clock.now())
    if first is None:
        if last is not None:
            raise DocumentRefused(
                ["--to: needs --from"], what_now="Name the first night to catch up: --from DAY"
            )
        return [request.on(day)]
    if request.as_of is not None:
        raise DocumentRefused(["--as-of: cannot stand beside --from"], what_now="Give one of them.")
    days = clock.days(first, last or day)
    if not days:
        raise DocumentRefused([f"--from: {first} is after {last or day}"], what_now="Give the days in order.")
    done = newest_committed(request.folder)
    return [request.on(each) for each in days if done is None or each > done]


def newest_committed(home: Path) -> date | None:
    """The day up to which nights are done: none before it can run any more."""
    from tasks.status import status

    try:
        newest = status(home, clock.now().date())["newest"]
    except NotFound:
        return None
    return date.fromisoformat(newest["night"]) if newest else None


def ready(request: Request) -> None:
    """See at once, before Prefect starts, what would end the night: a home without room or rights, a lock
    that is held, a document's fault.
    """
    from tasks.lock import check_free

    home = request.folder
    check_usable(home)
    check_free(home)
    night = request.night(scheduled=clock.now(), recorded_at=clock.now())
    check_room(home, night.documents.profile.minimum_free_mb * MB)


def one_night(outcome: dict[str, Any]) -> Reply:
    return Reply(outcome, words(outcome), outcome["exit_code"])


def refused(error: LinewatchError, request: Request) -> Reply:
    """What ended the night, and where to read on if a report was left."""
    reply = refusal(error, str(request.as_of))
    report = request.folder / "out" / str(request.as_of) / FOR_PEOPLE["report"]
    if isinstance(error, DataRefused) and report.exists():
        reply.content["paths"] = {"report": str(report)}
        reply.said.append(f"What was found in the data: {report}")
    return reply


def several(outcomes: list[dict[str, Any]], ended: Reply | None = None) -> Reply:
    """One object for a catch-up: every night that ran, in order, and what ended it early, if anything did."""
    nights = [*outcomes, *([ended.content] if ended else [])]
    exit_code = ended.exit_code if ended else max((each["exit_code"] for each in outcomes), default=0)
    told = "\n\n".join(words(each) for each in outcomes)
    status = str(nights[-1]["status"])
    return Reply({"nights": nights, "status": status}, told, exit_code, ended.said if ended else [])


def words(outcome: dict[str, Any]) -> str:
    """The night for a person, in a dozen lines."""
    night, status = outcome["night"], outcome["status"]
    if status == "unchanged":
        root = outcome["root"][:12]
        return f"{night}: unchanged; it stands committed with the same data and documents (root {root})."
    lines = [
        f"{night}: {status}, {counted(outcome['decided'], 'line')} decided, root {outcome['root'][:12]}",
        f"  actions      {_counts(outcome['actions'])}",
        f"  routes       {_counts(outcome['routes'])}",
        f"  quarantined  {_counts(outcome['quarantined']) or 'nothing'}",
        f"  drafts       {outcome['drafts']:,}",
    ]
    if status == "held":
        lines += [f"  held         because {why}" for why in outcome["held_because"]]
    lines += [f"  note         {note}" for note in outcome["notes"]]
    lines += [f"  {name:<12} {path}" for name, path in outcome["paths"].items() if path]
    if outcome.get("next"):
        lines.append(f"  now          {outcome['next']}")
    return "\n".join(lines)


def table(outcomes: Iterable[dict[str, Any]]) -> str:
    """Several nights side by side: a row a night, counts by action and route."""
    actions = ("increase", "offer", "hold", "decrease", "freeze", "unfreeze")
    head = ("night", "status", "decided", *actions, "automatic", "referred", "quarantined", "drafts")
    rows = [
        (
            each["night"],
            each["status"],
            each["decided"],
            *(each["actions"][action] for action in actions),
            each["routes"]["automatic"],
            each["routes"]["referred"],
            sum(each["quarantined"].values()),
            each["drafts"],
        )
        for each in outcomes
    ]
    cells = [
        head,
        *(tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
