"""Runs a function in a forked child under strace: watched, or with a fault at a call that was counted before.

Without -f strace follows one thread, the child's main one, and its `when=` counts that thread's calls alone:
a second run of the same code then meets the same call under the same number.
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KINDS = {
    "write": ("write", "pwrite64", "writev", "pwritev", "ftruncate"),
    "fsync": ("fsync", "fdatasync", "sync_file_range"),
    "rename": ("rename", "renameat", "renameat2"),
    "unlink": ("unlink", "unlinkat", "rmdir"),
    "make": ("mkdir", "mkdirat", "link", "linkat", "symlink", "openat"),
    "send": ("sendto", "sendmsg"),
}
"""What a run does to a disk, or says to a server. Of openat only what makes a file is meant."""
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}
LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
SAID_BYTES = 65_536
GLANCE_SECONDS = 0.01


@dataclass(frozen=True)
class Call:
    """One call of the run's main thread, by its name and its number among the calls of that name."""

    name: str
    number: int
    counts: tuple[tuple[str, int], ...] = ()
    """How many calls of each other name came before it."""
    on: str = ""
    """What it was about, relative to the home, without what differs between runs."""
    nth: int = 0
    """Its number among the calls of that name about the same."""

    @property
    def kind(self) -> str:
        return KIND_OF[self.name]


@dataclass(frozen=True)
class Ended:
    """How a child ended: killed, whole, or with an error of a class."""

    killed: bool
    error: str = ""
    """Name of the error's class, empty where it ended well or was killed."""
    on_purpose: bool = False
    """Whether the error is a LinewatchError."""
    of_the_system: bool = False
    """Whether a call of the system that failed is at the bottom of it."""
    said: str = ""
    """The error with its traceback."""


@cache
def why_not() -> str:
    """Why no fault can be injected here; empty where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-qq", "-o", os.devnull, "--inject=write:error=EIO:when=65535", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()[:200]}"


def forked(act: Callable[[], None]) -> Ended:
    """Run `act` in a child and wait."""
    return _run(act, None)


def watched(act: Callable[[], None], home: Path, log: Path, *, threads: bool = False) -> list[Call]:
    """Run `act` and list its calls on the home, or to a server; of every thread if wanted, then without
    numbers that mean anything. Raises RuntimeError if it fails.
    """
    names = ",".join(name for names in KINDS.values() for name in names)
    ended = _run(act, ["-yy", "-s", "0", "-o", str(log), f"-etrace={names}", *(["-f"] if threads else [])])
    if ended.killed or ended.error:
        raise RuntimeError(f"the undisturbed run failed: {ended.said}")
    return list(_calls(log, home))


def killed(act: Callable[[], None], at: Call, home: Path, log: Path) -> Ended:
    """Run `act` and let SIGKILL come in place of the call: it is not carried out."""
    return _at_one(act, at, "signal=SIGKILL", home, log)


def failed(act: Callable[[], None], at: Call, error: str, home: Path, log: Path) -> Ended:
    """Run `act` and let this one call fail with an error of the system, such as EIO."""
    return _at_one(act, at, f"error={error}", home, log)


def lost(act: Callable[[], None], at: Call, home: Path, log: Path) -> Ended:
    """Run `act` and let this word not reach the server, which ends: a word that is lost alone, on a
    connection that stays, is waited for by both sides for ever, and does not happen.
    """
    return _at_one(act, at, "error=ECONNRESET", home, log, lambda: _end_the_other_side(log))


def filled(act: Callable[[], None], at: Call, log: Path) -> Ended:
    """Run `act` and let nothing be written to any disk any more from this call on: ENOSPC."""
    before = dict(at.counts)
    stuck = [name for kind in {"write", at.kind} for name in KINDS[kind] if name not in ("openat", at.name)]
    faults = [f"{name}:error=ENOSPC:when={before.get(name, 0) + 1}+" for name in sorted(stuck)]
    return _faulted(act, log, [f"{at.name}:error=ENOSPC:when={at.number}+", *faults])


def met(home: Path, log: Path) -> bool:
    """Whether a fault met any call on the home."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return any("(INJECTED)" in line and str(home) in line for line in lines)


def reached(at: Call, home: Path, log: Path) -> bool:
    """Whether the fault met a call of this name on the home, about the same file or folder."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines:
        found = LINE.match(line)
        if found and found[1] == at.name and ("(INJECTED)" in line or line.rstrip().endswith("= ?")):
            return _about(found[2], home) == at.on
    return False


def _at_one(
    act: Callable[[], None],
    at: Call,
    what: str,
    home: Path,
    log: Path,
    meanwhile: Callable[[], None] = lambda: None,
) -> Ended:
    """With a fault at the call: by its number among those about the same file, where a file has one name."""
    if any(odd in at.on for odd in ("…", " ", "server")):
        return _faulted(act, log, [f"{at.name}:{what}:when={at.number}"], meanwhile=meanwhile)
    path = str(home) + at.on.removesuffix("/")
    return _faulted(act, log, [f"{at.name}:{what}:when={at.nth}"], "-P", path)


def _faulted(
    act: Callable[[], None],
    log: Path,
    faults: Sequence[str],
    *more: str,
    meanwhile: Callable[[], None] = lambda: None,
) -> Ended:
    names = ",".join(sorted({each.partition(":")[0] for each in faults}))
    injected = [f"--inject={each}" for each in faults]
    return _run(act, ["-yy", "-s", "0", "-o", str(log), f"-etrace={names}", *injected, *more], meanwhile)


def _end_the_other_side(log: Path) -> None:
    """End whoever has the other end of the connection that the fault met, once it has."""
    met = re.search(
        r"UNIX-STREAM:\[\d+->(\d+)\].*\(INJECTED\)", log.read_text(errors="replace") if log.exists() else ""
    )
    for end in Path("/proc").glob("[0-9]*/fd/*") if met else ():
        with suppress(OSError):
            if os.readlink(end) == f"socket:[{met[1]}]":
                os.kill(int(end.parts[2]), signal.SIGTERM)


def _run(
    act: Callable[[], None], strace: Sequence[str] | None, meanwhile: Callable[[], None] = lambda: None
) -> Ended:
    with mmap.mmap(-1, SAID_BYTES) as said:  # shared with the child, which may have no disk to write to
        child = os.fork()
        if child == 0:
            _act(act, said, stopped=strace is not None)
        traced = strace is not None
        status = _followed(child, strace, meanwhile) if traced else os.waitpid(child, 0)[1]
        text = said[:].rstrip(b"\0").decode("utf-8", errors="replace")
    if os.WIFSIGNALED(status):
        return Ended(os.WTERMSIG(status) == signal.SIGKILL, said=f"signal {os.WTERMSIG(status)}")
    if os.WEXITSTATUS(status) == 0:
        return Ended(False)
    error, on_purpose, of_the_system, told = (text.split("\n", 3) + [""] * 4)[:4]
    return Ended(False, error or "unknown", on_purpose == "True", of_the_system == "True", told)


def _act(act: Callable[[], None], said: mmap.mmap, *, stopped: bool) -> None:
    """The child: do it, and leave what came of it where no call of the system is needed."""
    if stopped:
        os.kill(os.getpid(), signal.SIGSTOP)
    try:
        act()
    except BaseException as error:
        from linewatch.errors import LinewatchError

        told = traceback.format_exc()[-SAID_BYTES // 4 :]
        head = f"{type(error).__name__}\n{isinstance(error, LinewatchError)}\n{of_the_system(error)}\n"
        content = (head + told).encode()[:SAID_BYTES]
        said[: len(content)] = content
        os._exit(1)
    os._exit(0)


def of_the_system(error: BaseException | None) -> bool:
    """Whether some library says that a call of the system failed, or Python does."""
    while error is not None:
        if isinstance(error, OSError) or "disk I/O error" in str(error) or "IO Error" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _followed(child: int, strace: Sequence[str], meanwhile: Callable[[], None]) -> int:
    """Let a child that has stopped itself go on under strace; return the status that the system gives."""
    os.waitpid(child, os.WUNTRACED)
    with subprocess.Popen(
        ["strace", "-p", str(child), *strace], stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL
    ) as follower:
        assert follower.stderr is not None
        first = follower.stderr.readline()
        if "attached" not in first:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise RuntimeError(f"strace did not attach: {first}{follower.stderr.read()}")
        os.kill(child, signal.SIGCONT)
        while follower.poll() is None:
            meanwhile()
            time.sleep(GLANCE_SECONDS)
    return os.waitpid(child, 0)[1]


def _calls(log: Path, home: Path) -> Iterator[Call]:
    counts: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = LINE.match(line)
        if not found or found[1] not in KIND_OF:
            continue
        before = tuple(sorted(counts.items()))
        counts[found[1]] += 1
        about = _about(found[2], home)
        named[found[1], about] += 1
        if about and (found[1] != "openat" or "O_CREAT" in found[2]):
            yield Call(found[1], counts[found[1]], before, about, named[found[1], about])


def _about(arguments: str, home: Path) -> str:
    """The paths under the home in a call's arguments; those of its result are left out."""
    given = arguments.rpartition(") = ")[0] or arguments
    if re.match(r"\d+<(UNIX|TCP|socket)", given):
        return "server"
    under = re.findall(rf'{re.escape(str(home))}[^>"\s]*', given)
    names = [re.sub(r"\.\d+\.partial|passing-\w+|linewatch-again-\w+", "…", path) for path in under]
    relative = re.findall(r'"([^"/][^"]*)"', given) if under else []
    return " ".join([*(name.removeprefix(str(home)) or "/" for name in names), *relative])


if __name__ == "__main__":
    print(why_not() or "faults can be injected here", file=sys.stdout)
