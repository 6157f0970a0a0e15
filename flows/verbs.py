"""What each command that needs no night answers: a verb of tasks/, its object, and the words for a person.

A verb is imported where it is asked for: its libraries would cost every other command a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

from flows import clock, settings
from flows.nights import one_night
from flows.terminal import Reply
from linewatch.counting import counted


def init(directory: Path) -> Reply:
    from tasks import init as verb

    written = verb.init(directory)
    words = [
        f"{counted(len(written.files), 'file')} written under {directory}:",
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
    words = f"{night['folder']}: {counted(rows, 'row')} in {counted(len(night['rows']), 'table')}"
    if night["best_auc_bp"] is not None:
        words += f", AUC of the best possible score {night['best_auc_bp'] / 10_000:.4f}"
    if night["planted"]:
        words += f", {sum(night['planted'].values()):,} bad rows planted"
    return words


def explain(home: Path, facility: str, as_of: date | None, edits: tuple[str, ...] = ()) -> Reply:
    if edits:
        settings.leave_no_trace(home)
        from flows.what_if import answer

        return answer(home, facility, as_of, edits)
    begun(home)
    from tasks.explain import explain as verb

    explained = verb(home, facility, as_of)
    return Reply(dict(explained.content), explained.text)


def status(home: Path) -> Reply:
    from tasks import status as verb

    found = verb.status(home, clock.now().date())
    return Reply(found, verb.words(found))


def ledger_move(home: Path) -> Reply:
    from tasks import move_ledger as verb

    moved = verb.move_ledger(home, clock.now())
    return Reply(moved, verb.words(moved))


def regulation_show(home: Path, as_of: date | None) -> Reply:
    begun(home)
    from tasks import regulation as verb

    found = verb.regulation(home, as_of)
    return Reply(found, verb.words(found))


def queue_export(
    home: Path, as_of: date | None, kind: str, team: str | None, limit: int | None, by: str | None
) -> Reply:
    begun(home)
    from tasks.export import export_queue

    queue = export_queue(home, as_of, kind, team, limit, by)
    content = {
        "night": queue.as_of.isoformat(),
        "path": str(queue.path),
        "cases": queue.cases,
        "lines": queue.lines,
        "open_cases": queue.open_cases,
        "ready": queue.ready,
        "for_others": queue.for_others,
    }
    cases = counted(queue.cases, "case")
    if queue.cases < queue.open_cases:
        cases = f"{queue.cases:,} of {counted(queue.open_cases, 'case')}"
    written = f"{queue.path}: {counted(queue.lines, 'line')} of {cases}, night of {queue.as_of}"
    return Reply(content, "\n".join([written, *_left_out(queue.ready, queue.for_others)]))


def queue_show(home: Path, as_of: date | None, team: str | None, limit: int, by: str | None) -> Reply:
    begun(home)
    from tasks.export import queue_rows
    from tasks.export.queue import plain
    from tasks.export.shown import told

    found = queue_rows(home, as_of, team, limit, by)
    content = {
        "night": found.as_of.isoformat(),
        "lines": [plain(row) for row in found.rows],
        "ready": found.ready,
        "for_others": found.for_others,
    }
    said = [told(found.rows, str(home)), *_left_out(found.ready, found.for_others)]
    return Reply(content, "\n".join(said))


def _left_out(ready: int, for_others: int) -> Iterator[str]:
    """What the queue does not show of the open cases."""
    if ready:
        yield f"{ready:,} decided, not shown: the next settlement takes them in"
    if for_others:
        yield f"{for_others:,} for others, not shown: somebody else has taken or must look at them"


def scorecard_check(
    scorecard: Path | None, source: str | None, outcome: Path | None, as_of: date | None
) -> Reply:
    from tasks.scorecard import check_scorecard

    check = check_scorecard(scorecard=scorecard, source=source, outcome=outcome, as_of=as_of)
    return Reply(check.as_json(), check.as_text())


def scorecard_reference(home: Path, as_of: date | None) -> Reply:
    begun(home)
    from tasks.reference import spread_of

    night, spreads = spread_of(home, as_of)
    content = {"night": night.isoformat(), "scorecards": [spread.as_json() for spread in spreads]}
    return Reply(content, "\n".join(spread.as_toml(night, home.name) for spread in spreads))


def approve(home: Path, as_of: date, by: str, because: str, protective_only: bool) -> Reply:
    begun(home)
    from flows import people

    if not protective_only:
        return one_night(people.approve(home, as_of, by, because, clock.now()))
    found = people.protect(home, as_of, by, because, clock.now())
    words = [
        f"{as_of}: {counted(found['blocked'], 'line')} blocked, root {found['root'][:12]}",
        "  discarded    all else of the night; the day may be run again",
        *(f"  note         {note}" for note in found["notes"]),
        *(f"  {name:<12} {path}" for name, path in found["paths"].items()),
        f"  now          {found['next']}",
    ]
    return Reply(found, "\n".join(words))


def discard(home: Path, as_of: date, by: str, because: str) -> Reply:
    begun(home)
    from flows import people

    found = people.discard(home, as_of, by, because, clock.now())
    return Reply(found, f"{as_of}: discarded; the day may be run again.\n  now          {found['next']}")


def borrower_export(home: Path, borrower_id: str, out: Path | None) -> Reply:
    begun(home)
    from tasks.access import export_borrower

    made = export_borrower(home, borrower_id, clock.now(), out)
    content = {
        "paths": {"json": str(made.json), "page": str(made.page)},
        "rows": dict(made.counts),
        "other_people": made.others,
        "unreadable": list(made.unreadable),
    }
    own = sum(made.counts.values()) - made.counts["of_others"]
    words = [
        f"{made.page}",
        f"{made.json}: rows of theirs {own:,}, rows of others that name them {made.counts['of_others']:,}",
    ]
    words += [f"{path} could not be read: what it holds of them is missing" for path in made.unreadable]
    words += ["It is theirs alone: hand it over, then delete the folder."]
    return Reply(content, "\n".join(words))


def borrower_explain(
    home: Path,
    borrower_id: str,
    as_of: date | None,
    language: Literal["zh", "en"] | None,
    out: Path | None,
) -> Reply:
    begun(home)
    from tasks.borrower_view import borrower_view

    view = borrower_view(home, borrower_id, as_of, language)
    if out is None:
        return Reply(dict(view.content), view.text)
    page = str(view.write(out))
    return Reply({**view.content, "page": page}, f"{page}\nDelete it when it is read: it is one more copy.")


def borrower_erase(home: Path, borrower_id: str, by: str, because: str) -> Reply:
    begun(home)
    from dataclasses import asdict

    from flows import people

    made = people.erase(home, borrower_id, by, because, clock.now())
    words = [
        f"Erased, as {made.batch}.",
        f"  {counted(made.files, 'file')} replaced by others; under out/ made anew: {made.handed_out:,}",
        f"  {counted(made.leaves, 'leaf', 'leaves')} of the log and {counted(made.cases, 'case')}"
        " blanked: nothing is told there any more",
        f"  {counted(made.evidence, 'file')} beside these cases taken away",
        f"  {counted(made.not_replayed, 'decision')} on others' lines leant on it: a replay leaves that out",
        "Backups still hold it: docs/personal-data.md says what to do with them.",
    ]
    return Reply({"status": "erased", **asdict(made)}, "\n".join(words))


def reverse(home: Path, as_of: date, by: str, because: str, where: str, second: str, confirm: bool) -> Reply:
    begun(home)
    from flows import people

    if confirm:
        found = people.confirm_reversal(home, as_of, by, because, clock.now())
        done = f"undone, root {found['root'][:12]}"
    else:
        found = people.ask_reversal(home, as_of, by, because, where, second, clock.now())
        done = "asked for; nothing is changed until a second person confirms"
    lines = [
        f"{as_of}: {done}",
        f"  set back     {_counted(found['undone'])}",
        f"  left alone   {_counted(found['left']) or 'nothing'}",
        *(f"  note         {note}" for note in found.get("notes", [])),
        *(f"  {name:<12} {path}" for name, path in found.get("paths", {}).items()),
        f"  now          {found['next']}",
    ]
    return Reply(found, "\n".join(lines), found["exit_code"])


def publish(home: Path) -> Reply:
    begun(home)
    from flows import people

    found = people.publish(home, clock.now())
    changes, batches = counted(found["changes"], "change"), counted(found["batches"], "batch", "batches")
    done = f"{changes} of {batches} handed over"
    lines = [done if found["batches"] or found["undelivered"] else "Nothing is due."]
    lines += [f"  due          {note}" for note in found["notes"]]
    if found["next"]:
        lines.append(f"  now          {found['next']}")
    return Reply(found, "\n".join(lines), found["exit_code"])


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items() if count)


def begun(home: Path) -> None:
    """See that a night was ever begun in this home; asking must not make one. Raises NotFound."""
    from tasks.status import begun as verb

    verb(home)
