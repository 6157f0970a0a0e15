"""The letters of two real nights of a made-up lender, in four countries and two languages, with advice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import sql.engine as sql
from flows.attributing import attribute_night
from linewatch.advice import ACTIONS, NOTHING
from linewatch.claim import Claim
from linewatch.documents import Documents, load_documents
from linewatch.figures import NAMES
from linewatch.letter import AHEAD
from linewatch.night import Night
from linewatch.profile import Bureau
from sql.letters import leave_beside
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import write_demo
from tasks.draft import Writer, write_drafts
from tasks.features import features
from tasks.publish import publish
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tests.whole_night import accept

BUREAU = Bureau(name="Example Bureau", address="3 Example Road", phone="+1 800 555 0100")
COUNTRIES = ("CN", "US", "GB", "CN", "DE")
RECORDED_AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)

Row = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A letter of the night as it is kept, with what it was written from and what it must say."""

    row: Mapping[str, Any]
    claim: Claim
    subject: str
    body: str


@dataclass(frozen=True)
class Lettered:
    writer: Writer
    """Of the last night."""
    samples: tuple[Sample, ...]
    strangers: Mapping[str, frozenset[str]]
    """By borrower: keys and names of whoever else stands behind their lines or in their group."""


def lettered_night(place: Path, borrowers: int = 900) -> Lettered:
    """Two nights of a demo lender: every letter with the row that it was written from."""
    nights = [_one_night(place, borrowers, last=last) for last in (False, True)]
    return Lettered(
        nights[1].writer,
        tuple(nights[0].samples + nights[1].samples),
        nights[0].strangers | nights[1].strangers,
    )


def _one_night(place: Path, borrowers: int, *, last: bool) -> Lettered:
    home = place / "home"
    (made,) = write_demo(
        place / "lender", borrowers=borrowers, seed=4, nights=2, every="month", feedback=home
    )
    spread(made.folder)
    convert(made.folder, made.as_of)
    night = Night(made.as_of, home, str(made.folder), given(made.as_of), RECORDED_AT, threads=1)
    home.mkdir(parents=True, exist_ok=True)
    sql.open_engine(night.scratch, threads=1)
    try:
        pull.fn(night)
        accept(night)
        for step in (features, rescore, decide, attribute_night):
            step.fn(night)
        with sql.cursor(night.scratch) as db:
            advise(db, night.as_of)
        assert write_drafts(night).left_out == 0
        read = _read(night)
        if not last:
            refer.fn(night)
            commit.fn(night, ())
            publish.fn(night)
        return read
    finally:
        sql.close_engine(night.scratch)


def given(as_of: date) -> Documents:
    """The shipped documents, and a profile with a bureau."""
    documents = load_documents(as_of)
    return replace(
        documents, profile=documents.profile.model_copy(update={"bureau": {"credit_bureau": BUREAU}})
    )


def spread(folder: Path) -> None:
    """Give the borrowers countries and languages, whatever either was."""
    path = folder / "borrower.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    for row in rows:
        lot = int(hashlib.sha256(row["borrower_id"].encode()).hexdigest()[:6], 16)
        row["jurisdiction"] = COUNTRIES[lot % len(COUNTRIES)]
        row["language"] = ("zh", "en")[lot // 7 % 2]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def convert(folder: Path, as_of: date) -> None:
    """Give the rates that the law of these countries asks for."""
    path = folder / "fx_rate.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    known = {row["currency"] for row in rows}
    ppm = {"USD": 7_000_000, "GBP": 9_000_000, "EUR": 8_000_000}
    rows += [
        {**dict.fromkeys(table.column_names), "currency": currency, "as_of": as_of, "rate_ppm": rate}
        for currency, rate in ppm.items()
        if currency not in known
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def advise(db: sql.Cursor, as_of: date) -> None:
    """Advice of every code and standing to the lines that fall, one after the other."""
    codes = [(standing, code) for standing in ("indication", "no_further", "promise") for code in ACTIONS]
    codes += [("nothing", code) for code in NOTHING]
    found = db.raw.execute(
        "select facility_id, limit_cents from decisions where action in ('decrease', 'freeze') order by all"
    ).fetchall()
    rows = []
    for number, (facility_id, limit_cents) in enumerate(found):
        standing, code = codes[number % len(codes)]
        acts = standing != "nothing"
        rows.append(
            {
                "facility_id": facility_id,
                "standing": standing,
                "code": code,
                "amount_cents": 123_400 + number if "pay_down" in code else None,
                "by_on": as_of + timedelta(days=40) if acts else None,
                "counts_on": as_of + timedelta(days=61) if acts else None,
                "limit_cents": limit_cents - 17 if acts else None,
            }
        )
    db.create("schema/advice")
    db.append("advice", rows)


def _read(night: Night) -> Lettered:
    documents = night.documents
    writer = Writer(
        documents.notices,
        documents.profile,
        night.as_of,
        packs=documents.packs,
        notice_days={each.name: each.notice_days for each in documents.policy.segment},
    )
    with sql.cursor(night.scratch) as db:
        leave_beside(db, NAMES, night.as_of)
        rows = {row["facility_id"]: row for row in db.arrow("reviews/letters").to_pylist()}
        kept = [row for row in db.arrow("records/drafts").to_pylist() if row["kind"] not in AHEAD]
        strangers = {
            borrower: frozenset(text for text in listed if text)
            for borrower, listed in db.raw.execute(STRANGERS).fetchall()
        }
    samples = tuple(
        Sample(row := rows[letter["facility_id"]], writer.claim(row), letter["subject"], letter["body"])
        for letter in kept
    )
    return Lettered(writer, samples, strangers)


STRANGERS = """
    with tie as (
        select facility.borrower_id, guarantee.provider_id as other
        from guarantee inner join facility on guarantee.facility_id = facility.facility_id
        union
        select borrower_id, related_borrower_id from control_link
        union
        select related_borrower_id, borrower_id from control_link
    )
    select tie.borrower_id, list(tie.other) || list(contact.name)
    from tie left join contact on tie.other = contact.borrower_id
    left join contact as own on tie.borrower_id = own.borrower_id
    where tie.other <> tie.borrower_id and contact.name is distinct from own.name
    group by tie.borrower_id
"""
