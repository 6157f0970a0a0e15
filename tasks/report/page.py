"""Pages that need nothing else, and that a person without a screen reader or a network can read alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from linewatch.oversight import hundredths
from linewatch.room import whole
from tasks.report.figures import duration, percent

TEMPLATES = Path(__file__).parents[1] / "templates"


def write_page(path: Path, template: str, told: Mapping[str, Any]) -> None:
    """Leave the template at `path` with what is told."""
    with whole(path) as half:
        half.write_text(_room().get_template(template).render(told), encoding="utf-8", newline="\n")


def _room() -> Environment:
    room = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters["words"] = lambda code: str(code).replace("_", " ")
    room.filters["count"] = lambda number: "–" if number is None else f"{number:,}"
    room.filters["hundredths"] = lambda number: "–" if number is None else hundredths(number)
    room.filters["percent"] = percent
    room.filters["duration"] = duration
    return room
