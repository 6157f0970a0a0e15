"""What is typed to take reviewers' answers in, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows import clock
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.counting import counted, were


def take_in(home: Path, file: Path, rejects: Path | None) -> Reply:
    begun(home)
    from flows.takein import take_in_file

    return told(take_in_file(home, file, rejects, clock.now()))


def settle(home: Path) -> Reply:
    begun(home)
    from flows.settling import settle_all

    found = settle_all(home, clock.now())
    return Reply(found, "\n".join(_settlement(found)), found["exit_code"])


def told(found: Mapping[str, Any]) -> Reply:
    """What a file came to: one line a kind of outcome, then the settlement, then what was refused."""
    lines = [f"{counted(found['rows'], 'row')} read"]
    lines += [f"{words:<28} {counted(found[name], 'case')}" for name, words in CASES.items() if found[name]]
    lines += _settlement(found["settlement"])
    refused = [f"  {code:<20} {counted(count, 'row')}" for code, count in found["faults"].items()]
    if refused:
        count = found["refused"]
        refused = [
            f"{counted(count, 'row')} {were(count)} not taken; mend what is wrong and send this file again:",
            f"  {found['rejects']}",
            *refused,
        ]
    content = {name: value for name, value in found.items() if name != "exit_code"}
    return Reply(content, "\n".join(lines), found["exit_code"], refused)


CASES = {
    "decided": "decided",
    "second_look": "decided, for a second look",
    "agreed": "agreed by a second person",
    "disagreed": "disagreed, to be decided anew",
    "asked": "more asked, or a visit",
    "unchanged": "known already",
}
"""What can come of a case that was answered, in words."""


def _settlement(found: Mapping[str, Any]) -> list[str]:
    if found["status"] == "waits":
        return [f"What is decided waits: {found['because']}", f"  then: {found['next']}"]
    lines = [f"{case_id} was sent back: {why}" for case_id, why in found["sent_back"].items()]
    if found["status"] == "settled":
        cases, letters = counted(found["cases"], "case"), counted(found["drafts"], "letter")
        lines.insert(0, f"{'settled':<28} {cases}, {letters} drafted")
    return lines
