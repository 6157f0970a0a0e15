"""A lender of many years whose profile keeps things for some months, and whose pack decisions for 25."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import sql.engine as sql
from ledger import standing_ledger
from linewatch.documents import Documents, Source
from linewatch.night import Night
from tasks.checkpoint import sign
from tasks.commit import commit_night
from tasks.export import export_drafts
from tasks.letters.outbox import write_outbox
from tasks.publish import publish_due
from tasks.sweep import close
from tests.tasks.record_fixture import PROFILES, decided, documents, night, small_folder

DAYS = (
    date(2022, 1, 31), date(2022, 6, 30), date(2024, 6, 15), date(2025, 10, 1), date(2026, 10, 21),
    date(2026, 11, 21),
)  # fmt: skip
TODAY = datetime(2026, 11, 28, 9, tzinfo=UTC)
WHO = {"by": "li", "because": "It is older than we keep it."}
RULES = {"snapshots": 12, "decisions": 14, "drafts": 24, "exports": 3, "evidence": 3, "logs": 1}
PACKS = PROFILES.parent / "regulations"


def retention(**months: int) -> str:
    rules = [
        f'[[retention]]\nkind = "{kind}"\neffective_from = 2020-01-01\nmonths = {count}\nbecause = "a test"\n'
        for kind, count in months.items()
    ]
    return (PROFILES / "2000-01-01-default.toml").read_text(encoding="utf-8") + "\n" + "\n".join(rules)


def kept_documents(packs: tuple[str, ...] = ("us",), **months: int) -> Documents:
    """Those of record_fixture, with the profile's and the packs' text on the record."""
    texts = [("profile", "default", retention(**(months or RULES)))]
    texts += [
        ("regulation", name, (PACKS / f"2000-01-01-{name}.toml").read_text(encoding="utf-8"))
        for name in packs
    ]
    made = documents()
    sources = tuple(
        Source(
            kind, name, "1", date(2000, 1, 1), hashlib.sha256(text.encode()).hexdigest(), text, Path("x.toml")
        )
        for kind, name, text in texts
    )
    return replace(made, sources=(*made.sources, *sources))


def commit(made: Night) -> None:
    """The night from pull to publish, and what people are handed."""
    decided(made)
    with sql.cursor(made.scratch) as db:
        db.create("schema/quarantined_borrower")
        db.raw.execute("alter table cases add column kind varchar default 'desk_review'")
        db.raw.execute("alter table cases add column joined_open boolean default false")
    commit_night(made)
    publish_due(made)
    write_outbox(made.home, standing_ledger(made.home).standing(made.as_of))
    export_drafts(made.home, made.as_of)
    (made.home / "out" / made.as_of.isoformat() / "report.html").write_text("<p>", encoding="utf-8")
    sign(made.home, made.documents.profile.log, made.recorded_at)
    close(made)


def kept_nights(
    place: Path, days: tuple[date, ...] = DAYS, *, packs: tuple[str, ...] = ("us",), **months: int
) -> Path:
    """The home of a night on each day, with a log of each."""
    source = small_folder(place / "source")
    home = place / "home"
    for day in days:
        given = kept_documents(packs, **months)
        commit(night(home, source, as_of=day, documents=given, threads=1))
        (home / "log").mkdir(exist_ok=True)
        (home / "log" / f"{day}.jsonl").write_text("{}\n", encoding="utf-8")
    old = home / "log" / "fault-x.txt"
    old.write_text("a traceback", encoding="utf-8")
    os.utime(old, (datetime(2026, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    return home
