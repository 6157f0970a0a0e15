"""What lies beside cases, and what is to be asked or seen: what is answered to whoever adds or reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import clock
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.case import KINDS
from linewatch.checklist import TOPICS, Item, items_of

if TYPE_CHECKING:
    from tasks.evidence import Evidence, Laid


def add(home: Path, case: str, file: Path, by: str, item: str, because: str) -> Reply:
    begun(home)
    from tasks import evidence as verb

    done = verb.add(home, case, file, by=by, item=item, because=because, recorded_at=clock.now())
    told = done.evidence.told()
    content = {
        "status": "added" if done.new else "unchanged",
        "case_id": case,
        **{name: told[name] for name in ("sha256", "bytes", "media_type", "item")},
        "path": done.evidence.path,
        "put_back": done.put_back,
    }
    what = "added" if done.new else "lies beside the case already, and nothing was changed"
    if done.put_back:
        what = "lies beside the case already; its file was gone or altered, and is whole again"
    return Reply(content, f"{case}: {_line(done.evidence)}: {what}")


def checklist(home: Path, what: str) -> Reply:
    if what in KINDS:
        items = items_of(what)
        return Reply({"kind": what, "items": _items(items, ())}, "\n".join(_lines(what, items, ())))
    begun(home)
    from tasks import evidence as verb

    found = verb.checklist(home, what)
    content = {"case_id": what, "kind": found.kind, "items": _items(found.items, found.beside)}
    others = [each for each in found.beside if each.evidence.item not in found.items]
    lines = [*_lines(found.kind, found.items, found.beside), *(["", "other evidence"] if others else [])]
    return Reply(
        {**content, "other_evidence": [told(each) for each in others]},
        "\n".join([*lines, *shown(others)]),
    )


def told(each: Laid) -> dict[str, Any]:
    """Evidence as `--json` has it."""
    of = each.evidence
    return {
        **{name: getattr(of, name) for name in ("sha256", "bytes", "media_type", "item", "path")},
        "by": each.by,
        "recorded_at": each.recorded_at.isoformat(),
    }


def shown(beside: Iterable[Laid]) -> Iterator[str]:
    """Evidence for a person, a line each."""
    for each in beside:
        yield f"  {each.recorded_at:%Y-%m-%d %H:%M}  {_line(each.evidence)}  {each.by}"


def _line(evidence: Evidence) -> str:
    of = f", {evidence.item}" if evidence.item else ""
    return f"{evidence.path}  {evidence.media_type}, {evidence.bytes:,} bytes{of}"


def _items(items: Mapping[str, Item], beside: Iterable[Laid]) -> list[dict[str, Any]]:
    there = list(beside)
    return [
        {
            "code": code,
            "topic": item.topic,
            "zh": item.zh,
            "en": item.en,
            "triggers": sorted(item.triggers),
            "evidence": [each.evidence.sha256 for each in there if each.evidence.item == code],
        }
        for code, item in items.items()
    ]


def _lines(kind: str, items: Mapping[str, Item], beside: Iterable[Laid]) -> Iterator[str]:
    there = {each.evidence.item for each in beside}
    yield f"{kind}  {KINDS[kind].zh}  {KINDS[kind].en}"
    topic = ""
    for code, item in items.items():
        if item.topic != topic:
            topic = item.topic
            yield f"\n{'  '.join(TOPICS[topic])}"
        yield f"  [{'x' if code in there else ' '}] {code}{_where(item)}"
        yield f"      {item.zh}"
        yield f"      {item.en}"


def _where(item: Item) -> str:
    return f"  ({', '.join(sorted(item.triggers))})" if item.triggers else ""
