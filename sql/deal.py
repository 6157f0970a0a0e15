"""Accepted rows dealt out to shards, each of which is decided by itself; and what they leave, put together.

rows/<table>/shard=<n>/*.parquet    what shard n reads; a borrower may be read by several
rows/<table>.parquet                what belongs to nobody, as rates do: every shard reads it
results/<n>-<attempt>/<table>.parquet   what shard n left of its own borrowers
"""

# Names cannot be bound; these come from the contract and our own schema, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sql import stage
from sql.contract import Table, contract
from sql.engine import Cursor, Rows, checked_name, text
from sql.narrow import OTHER_ENDS
from sql.past import TABLE as PAST
from sql.places import Place

NOT_READ = frozenset({"contact", "protected_attribute"})
"""Tables that no shard reads: who is written to, and what the law protects."""
WHOLE = {
    "quarantine": "records/quarantine",
    "quarantined_borrower": "records/quarantined_borrower",
    "open_case": "shards/open_case",
    "past_promise": "shards/past_promise",
}
PARTED = {PAST: "shards/past_decision", "past_change": "shards/past_change", "own": "shards/own"}
RESULTS = ("decisions", "absent", "features_consumer", "features_enterprise", "scores")
"""What a shard leaves; all that later steps of a night read of its deciding."""


def split(db: Cursor, shards: int) -> Rows:
    """Leave `shard_of` and `shard_reader`; return a row a shard that has borrowers, with how many.

    Reads `exposure_group` and the staged tables. A group larger than a shard's fair part has one of its own.
    """
    borrowers = db.count("stg_borrower")
    db.build("shards/shard_of", shards=shards, most=-(-borrowers // shards))
    db.build("shards/shard_reader")
    return db.rows("shards/shard_size")


def deal(db: Cursor, place: Place, shards: int) -> None:
    """Write what each shard reads."""
    place.reach(db)
    place.make("rows")
    for table in contract().values():
        if table.name not in NOT_READ and db.has(f"raw_{table.name}"):
            _deal_table(db, place, table)
    for name, statement in WHOLE.items():
        db.write_to(text(statement), place.at("rows", f"{name}.parquet"))
    for name, statement in PARTED.items():
        _deal_rows(db, place, name, text(statement), {"shards": shards})


def stand(db: Cursor, place: Place, shard: int) -> None:
    """Leave the accepted rows of a shard and its past, as `validate` and the record would; `night` stands."""
    place.reach(db)
    for table in contract().values():
        found = place.found("rows", table.name, f"shard={shard}") or _file(place, table.name)
        if found:
            db.parquet(f"raw_{table.name}", found)
    stage.note_source_columns(db)
    stage.stage(db)
    for name in (*WHOLE, PAST, "past_change"):
        db.create(f"schema/{name}")
        found = place.found("rows", name, f"shard={shard}") or _file(place, name)
        if found:
            db.parquet("dealt", found)
            db.raw.execute(f"insert into {checked_name(name)} by name from dealt")
    db.parquet("own", place.found("rows", "own", f"shard={shard}"))
    stage.set_aside_again(db)
    stage.accept(db)


def keep(db: Cursor, place: Place, folder: str) -> dict[str, int]:
    """Write what a shard left of its own borrowers; rows by table."""
    place.make("results", folder)
    return {
        name: db.write_to(text(f"shards/result_{name}"), place.at("results", folder, f"{name}.parquet"))
        for name in RESULTS
    }


def gather(db: Cursor, place: Place, folders: Iterable[str]) -> None:
    """Leave views over what the shards left, in the place of the tables that one deciding would leave."""
    place.reach(db)
    listed = list(folders)
    for name in RESULTS:
        db.drop(name)
        db.parquet(name, [place.at("results", folder, f"{name}.parquet") for folder in listed])


def _file(place: Place, name: str) -> list[str]:
    return place.found("rows", f"{name}.parquet")


def _deal_table(db: Cursor, place: Place, table: Table) -> None:
    names = {column.name for column in table.columns}
    ends = [name for name in ("borrower_id", *OTHER_ENDS) if name in names]
    if ends:
        dealt = " union ".join(
            f"select dealt.*, shard_reader.shard from stg_{table.name} as dealt"
            f" inner join shard_reader on dealt.{end} = shard_reader.borrower_id"
            for end in ends
        )
    elif "facility_id" in names:
        dealt = (
            f"select dealt.*, shard_reader.shard from stg_{table.name} as dealt"
            " inner join stg_facility as line on dealt.facility_id = line.facility_id"
            " inner join shard_reader on line.borrower_id = shard_reader.borrower_id"
        )
    else:
        db.write_to(f"from stg_{table.name}", place.at("rows", f"{table.name}.parquet"))
        return
    _deal_rows(db, place, table.name, dealt, {})


def _deal_rows(db: Cursor, place: Place, name: str, rows: str, params: Mapping[str, int]) -> None:
    used = {key: value for key, value in params.items() if f"${key}" in rows}
    db.write_parts(rows, place.make("rows", name), "shard", **used)
