"""docs/regulation.md: every record of the shipped packs, and every measure that a record may have."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from linewatch.measures import MEASURES
from linewatch.regulation import Pack, Record

REGULATIONS = Path(__file__).parent / "regulations"
NAMES = {
    "cn": "China",
    "eu": "European Union",
    "sg": "Singapore",
    "uk": "United Kingdom",
    "us": "United States",
}

PAGE = """\
# Regulation

What the shipped packs hold of the law, record by record. How a record decides a line is told in
[policy.md](policy.md), section 7; the keys of a pack in [documents.md](documents.md).

This page is made by `python -m linewatch.regulation_page > docs/regulation.md` from
`linewatch/regulations/`; a test holds it current.

**None of this is legal advice.** A lender's own counsel approves a pack before it is used and once a year
(`approved_on`, `approved_by`): the shipped ones are approved by nobody. *Checked* says whether someone read
the named source itself; where it says no, the record was taken from elsewhere and may be wrong. What a record
bound of a night's lines is told by `linewatch regulation show`, and in the night's report.

{packs}

## Measures

What a record may ask, by type, and what is done about it. A pack that asks for anything else is refused.

| type | measure | value in | enforced |
|---|---|---|---|
{measures}
"""


def page() -> str:
    """docs/regulation.md, whole."""
    return PAGE.format(
        packs="\n\n".join(_pack(pack) for pack in shipped()),
        measures="\n".join(
            f"| {kind} | `{name}` | {measure.unit or '–'} | {measure.enforced} |"
            for kind, measures in MEASURES.items()
            for name, measure in measures.items()
        ),
    )


def shipped() -> list[Pack]:
    """The newest version of every shipped pack, by name."""
    newest: dict[str, Pack] = {}
    for path in sorted(REGULATIONS.glob("*.toml")):
        pack = Pack.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        newest[pack.id] = pack
    return [newest[name] for name in sorted(newest)]


def asked(record: Record) -> str:
    """The measure and its value as a person would say it."""
    return f"`{record.measure}`{value_of(record)}"


def scope_of(record: Record) -> str:
    """Whom it binds, in a few words; empty where it binds every line of its country."""
    return ", ".join(_scope(record))


def dates_of(record: Record) -> str:
    end = f" to {record.effective_to} (not that day)" if record.effective_to else ""
    return f"from {record.effective_from}{end}"


def _pack(pack: Pack) -> str:
    checked = sum(record.checked for record in pack.record)
    heads = "| record | type | asks | binds | in force | checked | source | because |\n" + "|---" * 8 + "|"
    return "\n".join(
        [
            f"## {NAMES.get(pack.id, pack.id)} (`{pack.id}`, version {pack.version})",
            "",
            f"{len(pack.record)} records, {checked} of them checked.",
            "",
            heads,
            *(_row(record) for record in pack.record),
        ]
    )


def _row(record: Record) -> str:
    cells: Iterable[str] = (
        f"`{record.id}`",
        record.type,
        asked(record),
        scope_of(record) or "every line",
        dates_of(record),
        "yes" if record.checked else "no",
        record.citation,
        record.because,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def value_of(record: Record) -> str:
    """How much, with its unit and what else the measure reads; empty where it has no value."""
    said = ""
    if record.value is not None:
        cents = record.measure.endswith("_cents")
        said = f" {_money(record.value, record)}" if cents else f" {record.value:,}"
        unit = record.unit if record.measure == "shown" else record.asks.unit
        said += "" if cents or not unit else f" {unit}"
    if record.reference:
        said += f" {record.reference}"
    if record.for_months > 1:
        said += f", {record.for_months} months running"
    if record.least_cents is not None:
        said += f", not under {_money(record.least_cents, record)}"
    return said


def _scope(record: Record) -> Iterator[str]:
    if record.licence:
        yield f"licence {record.licence}"
    if record.borrower_type:
        yield f"{record.borrower_type}s"
    if record.product:
        yield f"`{record.product}`"
    if record.age_group:
        yield {"under_21": "under 21", "student": "students"}[record.age_group]
    if record.applies_to:
        yield "new drawings"
    for name in ("income", "revenue"):
        low, below = getattr(record, f"{name}_from_cents"), getattr(record, f"{name}_below_cents")
        if low is not None:
            yield f"{name} from {_money(low, record)}"
        if below is not None:
            yield f"{name} below {_money(below, record)}"


def _money(cents: int, record: Record) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}{f'.{rest:02}' if rest else ''} {record.currency or 'of the reporting currency'}"


if __name__ == "__main__":
    sys.stdout.write(page())
