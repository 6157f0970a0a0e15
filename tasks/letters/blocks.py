"""The parts of a letter's text, seen from how it is laid out: whatever its words say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

PARTED = re.compile(r"\n{2,}")
NUMBERED = re.compile(r"(\d+)\. (?=\S)")
BULLET = re.compile(r"[-•·] ?(?=\S)")
FACT = re.compile(r"([^:：.。;；!！?？]{1,40})(: |：)(\S.{0,79})")
"""A short label, a colon, a short value; a sentence with a colon in it is longer."""
COLONS = (":", "：")
ENDS_A_SENTENCE = tuple(".。,，:：;；!！?？…")
HEADING_MOST = 60


@dataclass(frozen=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Facts:
    """A label, its colon as it stands in the text, and its value: a line each."""

    kind: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Listed:
    """A list, each item with the mark that stands before it in the text: `1. ` or `- `."""

    kind: ClassVar[str] = "listed"
    items: tuple[tuple[str, str], ...]

    @property
    def numbered(self) -> bool:
        return self.items[0][0][0].isdigit()


Block = Paragraph | Heading | Facts | Listed


def blocks_of(body: str) -> tuple[Block, ...]:
    """The parts of a text, in its order; `text_of` gives the text back."""
    paragraphs = PARTED.split(body.strip("\n"))
    last = len(paragraphs) - 1
    return tuple(
        block
        for at, paragraph in enumerate(paragraphs)
        for block in _blocks(paragraph, first=at == 0, last=at == last)
    )


def text_of(blocks: Sequence[Block]) -> str:
    """The lines of the text, without the empty ones between its parts."""
    return "\n".join(line for block in blocks for line in lines_of(block))


def lines_of(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(lines):
            yield from lines
        case Heading(text):
            yield text
        case Facts(pairs):
            yield from ("".join(pair) for pair in pairs)
        case Listed(items):
            yield from (f"{mark}{text}" for mark, text in items)


@lru_cache(maxsize=10_000)
def _blocks(paragraph: str, *, first: bool, last: bool) -> tuple[Block, ...]:
    """Most paragraphs of a letter stand in thousands of others, word for word."""
    return tuple(_read(paragraph.split("\n"), first=first, last=last))


def _read(lines: list[str], *, first: bool, last: bool) -> Iterator[Block]:
    if not first and not last and len(lines) == 1 and _heads(lines[0]):
        yield Heading(lines[0])
        return
    for at in range(len(lines)):
        items = _listed(lines[at:])
        pairs = [] if first else _facts(lines[at:])
        if items or (pairs and (at == 0 or len(pairs) > 1 or lines[at - 1].endswith(COLONS))):
            if at:
                yield Paragraph(tuple(lines[:at]))
            yield Listed(tuple(items)) if items else Facts(tuple(pairs))
            return
    yield Paragraph(tuple(lines))


def _heads(line: str) -> bool:
    plain = not NUMBERED.match(line) and not BULLET.match(line) and not FACT.fullmatch(line)
    return plain and len(line) <= HEADING_MOST and not line.endswith(ENDS_A_SENTENCE)


def _facts(lines: Sequence[str]) -> list[tuple[str, str, str]]:
    """A label, its colon and its value a line; empty where a line is none."""
    found = [FACT.fullmatch(line) for line in lines]
    return [(each[1], each[2], each[3]) for each in found if each] if all(found) else []


def _listed(lines: Sequence[str]) -> list[tuple[str, str]]:
    """A mark and what stands after it a line; empty where these lines are no one list from its first item."""
    items: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        found = NUMBERED.match(line)
        if found is not None and int(found[1]) != number:
            return []
        found = found or BULLET.match(line)
        if found is None or (items and items[0][0][0].isdigit() != found[0][0].isdigit()):
            return []
        items.append((found[0], line[found.end() :]))
    return items
