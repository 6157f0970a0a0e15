"""The view for a terminal, and as one page that needs nothing else and can be printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linewatch.wrapping import wrapped
from tasks.borrower_view.told import heading, told

TEMPLATES = Path(__file__).parents[1] / "templates"


def text(content: Mapping[str, Any]) -> str:
    """At most 100 columns wide."""
    title, lines = heading(content)
    parts = [[title, *(row for line in lines for row in wrapped(line))]]
    for section in told(content):
        rows = [section.title]
        for block in section.blocks:
            rows += wrapped(block.head, "  ")
            rows += [row for line in block.lines for row in _sentence(line, "    " if block.head else "  ")]
        parts.append(rows)
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _sentence(line: str, indent: str) -> list[str]:
    first, *rest = wrapped(line, indent)
    return [first, *(f"  {row}" for row in wrapped(" ".join(each.strip() for each in rest), indent))]


def page(content: Mapping[str, Any]) -> str:
    """One HTML document: no scripts, no addresses of other files."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    title, lines = heading(content)
    template = room.get_template("borrower_view.html.j2")
    return template.render(content=content, title=title, lines=lines, sections=told(content))
