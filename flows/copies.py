"""`linewatch backup` and `linewatch restore`: what they answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows import clock
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.counting import counted
from linewatch.room import home_option

MB = 1_000_000


def back_up(home: Path, to: Path) -> Reply:
    begun(home)
    from tasks.backup import Made, backup

    made: Made = backup(home, to, clock.now())
    found = {"status": "backed_up", **_told(made)}
    record = "with the record" if found["record"] else "without the record, which is on a server (pg_dump)"
    words = [
        f"{found['path']}: up to the night of {found['newest'] or 'none'}, {record}",
        f"  files        {found['files']:,}, {_mb(found['copied_bytes'])} MB copied, "
        f"{_mb(found['shared_bytes'])} MB shared",
        *_missing(found["missing"]),
        f"  restore by   linewatch restore {found['path']} --home NEW",
    ]
    return Reply(found, "\n".join(words))


def put_back(source: Path, home: Path) -> Reply:
    from tasks.backup import Made, restore

    made: Made = restore(source, home)
    found = {"status": "restored", "home": str(home), **_told(made)}
    words = [
        f"{home}: restored as of {made.backup.made_at}, up to the night of {found['newest'] or 'none'}",
        f"  files        {found['files']:,}, each with the hash that it was copied with",
        *_missing(found["missing"]),
        *([] if found["record"] else ["  record       is not in the backup: restore it on its server first"]),
        "  mind         the home that it was copied from must not go on beside it",
        f"  now          linewatch status{home_option(home)}",
    ]
    return Reply(found, "\n".join(words))


def _told(made: Any) -> dict[str, Any]:
    backup = made.backup
    return {
        "path": str(made.path),
        "made_at": backup.made_at,
        "newest": backup.newest,
        "record": backup.record,
        "files": len(backup.files),
        "copied_bytes": made.copied_bytes,
        "shared_bytes": made.shared_bytes,
        "missing": list(backup.missing),
        "exit_code": 0,
    }


def _missing(names: list[str]) -> list[str]:
    """Files that the record names and the home had no more."""
    if not names:
        return []
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return [
        f"  not there    {counted(len(names), 'file')} that the record names: {', '.join(names[:5])}{more}"
    ]


def _mb(count: int) -> str:
    return f"{-(-count // MB):,}"
