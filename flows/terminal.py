"""What a person sees: answers on standard output, the story and the errors on standard error."""

from __future__ import annotations

import atexit
import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from flows import clock
from flows.steps import STEPS, Told, Watcher
from linewatch.errors import LinewatchError


@dataclass(frozen=True)
class Reply:
    """What a command answers: an object for machines, words for people, and how it ended."""

    content: dict[str, Any]
    words: str = ""
    exit_code: int = 0
    said: list[str] = field(default_factory=list)
    """Lines for standard error."""


@contextmanager
def own_standard_output() -> Iterator[TextIO]:
    """The real standard output; meanwhile file descriptor 1 leads to standard error.

    Libraries and child processes may print what they like: the answer stands alone.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(kept, "w", encoding="utf-8", closefd=True) as answer:
        yield answer


def end_without_noise() -> None:
    """Let nothing be printed after our last word: DuckDB's bindings list what an error's frames still hold.

    To be called before any library is imported: exit handlers run last in, first out.
    """
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


def answer(reply: Reply, to: TextIO, *, as_json: bool) -> None:
    for line in reply.said:
        print(line, file=sys.stderr)
    words = json.dumps(reply.content, ensure_ascii=False, default=str) if as_json else reply.words
    if words:
        print(words, file=to, flush=True)


def refusal(error: LinewatchError, night: str | None = None) -> Reply:
    """An error raised on purpose: what, where, what now."""
    status = {2: "refused", 3: "held", 4: "busy"}.get(error.exit_code, "failed")
    content = {
        **({"night": night} if night else {}),
        "status": status,
        "error": {
            "kind": type(error).__name__,
            "what": error.what,
            "where": error.with_keys,
            "what_now": error.what_now,
        },
        "exit_code": error.exit_code,
    }
    return Reply(content, exit_code=error.exit_code, said=error.shown.splitlines())


def fault_of_ours(error: BaseException, home: Path, night: str | None = None) -> Reply:
    """An error that nobody meant: its traceback goes to a file, and the person is told where."""
    lines = traceback.format_exception(error)
    kept = _keep(home, "".join(lines))
    what = (
        f"A fault of ours: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}".rstrip(
            ": "
        )
    )
    shown = LinewatchError(
        what,
        where=f"The traceback is in {kept}." if kept else "".join(lines),
        what_now="Nothing half-done stands in the ledger. Run the same command again; if it ends like this "
        "again, send that file to whoever keeps Linewatch.",
    )
    return refusal(shown, night)


def _keep(home: Path, text: str) -> Path | None:
    path = home / "log" / f"fault-{clock.now():%Y%m%dT%H%M%S%f}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Watcher]:
    """Tells of each step on standard error: a bar on a terminal, a line a step elsewhere."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar() as watcher:
            yield watcher
    else:
        yield _line


def _line(told: Told) -> None:
    if told.seconds is not None:
        print(
            f"{told.position + 1:>2}/{len(STEPS)} {told.step:<9} {told.seconds:8.2f} s",
            file=sys.stderr,
            flush=True,
        )


@contextmanager
def _bar() -> Iterator[Watcher]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("starting", total=len(STEPS))

        def watch(told: Told) -> None:
            done = told.position + (told.seconds is not None)
            bar.update(shown, description=told.step, completed=done)

        yield watch
