"""What each command that needs no night answers: a verb of tasks/, its object, and the words for a person."""

from __future__ import annotations

from pathlib import Path

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
