"""Populations: copies of the rows that some lines are decided from, some of them as they once were.

Each population carries its name before every borrower and line of it, so that one walk decides any number
of them side by side. What a table changes with is its driver. The rows of an earlier night stand beside
tonight's under `WAS`, with the day of that night (docs/adr/0029).
"""

# Names cannot be bound; these come from the contract and from the tables below, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sql.contract import Table, contract
from sql.engine import Cursor, checked_name

WAS = "was_"
STANDS = "stands_"
"""Before what is tonight's in every population, cut to the members once."""
RESTATED = "restated_"
"""Before features measured on mixed rows: tonight's on what was, or the anchor's on what is known now."""
NAMED = frozenset({"borrower_id", "facility_id", "related_borrower_id", "provider_id"})
"""Columns that name a borrower or a line."""


@dataclass(frozen=True)
class Drawn:
    """How the rows of a table change."""

    driver: str
    begins: str
    """The day from which a row holds."""
    is_history: bool = False
    """Its rows are measurements: one that began by the anchor and differs tonight was restated. Else the
    table says what holds, and a row that differs is a change of circumstances."""
    month: str | None = None
    """The column that holds a month: rows as they were move to the months that tonight looks at."""
    days: tuple[str, ...] = ()
    """Columns that hold days to which, or from which, time is counted: in a row that was the same at the
    anchor they move along with time, unless the time that has passed is what is asked about. Not of rows of
    which the newest counts: an old one must not overtake it."""


DRAWN = {
    "facility_month": Drawn("conduct", "last_day(month)", is_history=True, month="month"),
    "spending_month": Drawn("conduct", "last_day(month)", is_history=True, month="month"),
    "treatment": Drawn("conduct", "valid_from", days=("valid_from", "valid_until")),
    "consent": Drawn("conduct", "granted_on"),
    "bureau_report": Drawn("related", "pulled_on", is_history=True),
    "control_link": Drawn("related", "valid_from", days=("valid_from", "valid_until")),
    "trade_month": Drawn("market", "last_day(month)", is_history=True, month="month"),
    "financial_statement": Drawn("market", "coalesce(received_on, period_end + 180)", is_history=True),
    "assessment": Drawn("market", "assessed_on", is_history=True),
    "project_status": Drawn("market", "reported_on", is_history=True),
    "guarantee": Drawn("security", "valid_from", days=("valid_from", "valid_until", "valued_on")),
}
"""By table; one that is not here, as rates are, is tonight's in every population."""
OF_ROW: Mapping[str, Mapping[str, str]] = {
    "borrower": {
        **dict.fromkeys(
            ("annual_income_cents", "net_monthly_income_cents", "income_kind", "income_verified_on"), "market"
        ),
        "housing_cents": "market",
        **dict.fromkeys(("identity_verified_on", "limit_increase", "profile_use", "hardship_on"), "conduct"),
        **dict.fromkeys(("deceased_on", "fraud_flag"), "conduct"),
    },
    "facility": dict.fromkeys(
        ("drawn_cents", "pending_cents", "days_past_due", "past_due_cents", "minimum_due_cents"), "conduct"
    ),
}
"""Of the tables with one row a borrower or line: the columns that were otherwise, each with its driver. The
others are what stands, terms and our own limits, and are tonight's."""
AGES = {"borrower": ("onboarded_on", "income_verified_on")}
FEATURES = ("features_consumer", "features_enterprise")
STANDING = {
    "quarantined_borrower": "member",
    "past_decision": "member_line",
    "past_change": "member_line",
    "given_due": "member_line",
    "grade_fall": "member_line",
    "open_case": "member",
    "social_link": "member",
}
"""What is tonight's in every population, and the table that says to whom it belongs."""


def hand_over(db: Cursor, table: str, address: str) -> int:
    """Write the rows of a table of an earlier night, with its day, for tonight to read."""
    return db.write_to(
        f"select rows_.*, night.as_of as since_on from {checked_name(table)} as rows_ cross join night",
        address,
    )


def handed_over() -> tuple[str, ...]:
    """The tables that an earlier night hands over."""
    return (*DRAWN, *OF_ROW, *FEATURES)


def note_moved(db: Cursor, drivers: Mapping[str, str]) -> None:
    """Leave `cause_moved`: of each unit the players whose rows, or characteristics, are not what they were.

    `drivers` names the driver of each characteristic: one may move with rows of another's, as a share of
    income does with the income.
    """
    db.create("schema/cause_moved")
    for name, drawn in DRAWN.items():
        columns = [column.name for column in contract()[name].columns if column.name != "recorded_at"]
        _note(db, name, columns, drawn.driver)
        if drawn.is_history:
            _note(db, name, columns, "data", drawn.begins)
    market = [name for name, driver in OF_ROW["borrower"].items() if driver == "market"]
    _note(db, "borrower", ["borrower_id", *market], "market")
    for name in FEATURES:
        for driver in sorted(set(drivers.values())):
            own = [column for column in db.columns(name) if drivers.get(column) == driver]
            _note(db, name, ["borrower_id", *own], driver)


def _note(db: Cursor, table: str, columns: list[str], player: str, begins: str | None = None) -> None:
    """Note the units of which rows differ: of those that began by the anchor, where `begins` says when, not
    before both nights' sources reach back, and of whom the anchor knew.
    """
    listed = ", ".join(columns)
    owner, key = _owner(columns)
    now = f"select unit, since_on, {listed} from {table} inner join {owner} using ({key})"
    was = f"select unit, since_on, {listed} from {WAS}{table} inner join {owner} using ({key}, since_on)"
    if begins:
        oldest = "true"
        if DRAWN[table].month:
            first = (f"(select min({begins}) from {side}{table})" for side in ("", WAS))
            oldest = f"{begins} >= greatest({', '.join(first)})"
        whose = "borrower" if key == "borrower_id" else "facility"
        now, was = (
            f"select * from ({side}) as dated where {begins} <= since_on and {oldest}" for side in (now, was)
        )
        now += f" and ({key}, since_on) in (select {key}, since_on from {WAS}{whose})"
    db.raw.execute(
        "insert into cause_moved select distinct unit, $player from"
        f" ((({now}) except ({was})) union all (({was}) except ({now}))) as differing",
        {"player": player},
    )


def _owner(columns: Iterable[str]) -> tuple[str, str]:
    """The table that says to which units rows with these columns belong, and the column that they share."""
    return ("member", "borrower_id") if "borrower_id" in columns else ("member_line", "facility_id")


def populate(db: Cursor, drivers: Mapping[str, str]) -> None:
    """Leave in the cursor's own schema every table that features aside are decided from, of `population`.

    `drivers` names the driver of each characteristic. Reads tonight's accepted rows, the earlier nights'
    under WAS, and `member`, `member_line`.
    """
    for name, drawn in DRAWN.items():
        db.build_written(f"stg_{name}", _rows(contract()[name], drawn))
        db.build_written(name, f"select * from stg_{name}")
    db.build_written("borrower", _row(contract()["borrower"], "borrower"))
    db.build_written("stg_facility", _row(contract()["facility"], "stg_facility"))
    db.build_written("facility", _row(contract()["facility"], "facility"))
    for name in FEATURES:
        db.build_written(name, _features(list(db.columns(name)), name, drivers))
    for name, owner in STANDING.items():
        db.build_written(name, _standing(list(db.columns(name)), f"{STANDS}{name}", owner))


def _rows(table: Table, drawn: Drawn) -> str:
    """A table's rows: tonight's or those of the anchor, and of measurements either version of what was."""
    owner, key = _owner(column.name for column in table.columns)
    driver, begins = drawn.driver, drawn.begins
    now, was = f"population.{driver}", f"not population.{driver}"
    if drawn.is_history:
        now = (
            f"case when not population.restated then population.{driver}"
            f" when population.{driver} then population.data or {begins} > population.since_on"
            f" else population.data and {begins} <= population.since_on end"
        )
        was = (
            f"case when not population.restated then not population.{driver}"
            f" else not population.data and {begins} <= population.since_on end"
        )
    keyed = " and ".join(f"same.{name} = rows_.{name}" for name in table.key)
    same = f" left join main.{WAS}{table.name} as same on {keyed} and same.since_on = population.since_on"
    sides = (
        f"select {', '.join(_column(column.name, drawn, other) for column in table.columns)}"
        f" from population inner join {owner} using (unit)"
        f" inner join main.{prefix}{table.name} as rows_ on rows_.{key} = {owner}.{key}{more} where {when}"
        for prefix, other, more, when in (
            ("", "same", same if drawn.days else "", now),
            (WAS, "rows_", " and rows_.since_on = population.since_on", was),
        )
    )
    return " union all ".join(sides)


def _column(name: str, drawn: Drawn, other: str) -> str:
    if name in NAMED:
        return f"population.name || rows_.{name} as {name}"
    if name == drawn.month:
        moved = f"cast(rows_.{name} + to_months(population.months) as date)"
        return f"case when population.{drawn.driver} then rows_.{name} else {moved} end as {name}"
    if name in drawn.days:
        stood = f"rows_.{drawn.begins} <= population.since_on"
        was_the_same = f"rows_.{name} is not distinct from {other}.{name}"
        return _aged(f"rows_.{name}", f"{stood} and {was_the_same}") + f" as {name}"
    return f"rows_.{name}"


def _aged(day: str, stood: str) -> str:
    return f"case when not population.elapsed_time and {stood} then {day} + population.days else {day} end"


def _row(table: Table, source: str) -> str:
    """A table with one row a borrower or line: the columns that were otherwise, by their drivers."""
    owner, key = _owner(table.key)
    columns = ", ".join(_of_row(column.name, table.name) for column in table.columns)
    return (
        f"select {columns} from population inner join {owner} using (unit)"
        f" inner join main.{source} as rows_ on rows_.{key} = {owner}.{key}"
        f" left join main.{WAS}{table.name} as was on was.{key} = rows_.{key}"
        " and was.since_on = population.since_on"
    )


def _of_row(name: str, table: str) -> str:
    if name in NAMED:
        return f"population.name || rows_.{name} as {name}"
    value, driver = f"rows_.{name}", OF_ROW[table].get(name)
    if driver is not None:
        value = f"case when population.{driver} or was.since_on is null then rows_.{name} else was.{name} end"
    if name in AGES.get(table, ()):
        value = _aged(f"({value})", f"({value}) <= population.since_on")
    return f"{value} as {name}"


def _features(columns: list[str], name: str, drivers: Mapping[str, str]) -> str:
    """Each characteristic as it was or is, by its driver, measured on either version of what was."""
    picked = ", ".join(
        f"population.name || rows_.{column} as {column}"
        if column in NAMED
        else f"case when population.{drivers[column]} then"
        f" case when population.data or new.since_on is null then rows_.{column} else new.{column} end"
        f" when population.restated and population.data and old.since_on is not null then old.{column}"
        f" when was.since_on is not null then was.{column} else rows_.{column} end as {column}"
        for column in columns
    )
    return (
        f"select {picked} from population inner join member using (unit)"
        f" inner join main.{name} as rows_ on rows_.borrower_id = member.borrower_id"
        f" left join main.{WAS}{name} as was on was.borrower_id = rows_.borrower_id"
        " and was.since_on = population.since_on"
        + "".join(
            f" left join main.{RESTATED}{name} as {side} on {side}.borrower_id = rows_.borrower_id"
            f" and {side}.since_on = population.since_on and {side}.tonight = {tonight}"
            for side, tonight in (("new", "true"), ("old", "false"))
        )
    )


def cut_standing(db: Cursor) -> None:
    """Leave what is tonight's in every population, of the members alone."""
    for name, owner in STANDING.items():
        key = "borrower_id" if owner == "member" else "facility_id"
        db.build_written(
            f"{STANDS}{name}", f"select * from {name} where {key} in (select {key} from {owner})"
        )


def _standing(columns: list[str], name: str, owner: str) -> str:
    """Rows that are tonight's in every population, under its name."""
    key = "borrower_id" if owner == "member" else "facility_id"
    picked = ", ".join(
        f"population.name || rows_.{column} as {column}" if column in NAMED else f"rows_.{column}"
        for column in columns
    )
    return (
        f"select {picked} from population inner join {owner} using (unit)"
        f" inner join main.{name} as rows_ on rows_.{key} = {owner}.{key}"
    )


def create_restated(db: Cursor) -> None:
    """Leave the tables of features measured on mixed rows, without a row."""
    for name in FEATURES:
        db.build_written(
            f"{RESTATED}{name}",
            f"select {name}.*, cast(null as date) as since_on, cast(null as boolean) as tonight"
            f" from {name} where false",
        )


def restated_since(db: Cursor) -> list[date]:
    """The nights of whose rows some were restated."""
    found = db.raw.execute(
        "select distinct unit.since_on from cause_moved inner join unit using (unit)"
        " where cause_moved.player = 'data' order by unit.since_on"
    ).fetchall()
    return [row[0] for row in found]


def restate(db: Cursor, since_on: date, *, tonight: bool) -> None:
    """Leave in the cursor's own schema the rows that features are measured on.

    Tonight's on what was: measurements up to the anchor as they stood there. The anchor's on what is known
    now: its own rows, with measurements up to it as tonight has them.
    """
    day = f"date '{since_on.isoformat()}'"
    names = [name for name in contract() if db.has(f"stg_{name}")]
    for name in names:
        drawn = DRAWN.get(name)
        there = f"select * exclude (since_on) from main.{WAS}{name} where since_on = {day}"
        here = f"select * from main.{name}"
        if drawn is not None and drawn.is_history:
            first, later = (there, here) if tonight else (here, "")
            rows = f"select * from ({first}) as first_ where {drawn.begins} <= {day}"
            if later:
                rows += f" union all by name select * from ({later}) as later where {drawn.begins} > {day}"
        elif not tonight and (name in DRAWN or name in OF_ROW):
            rows = there
        else:
            rows = here
        db.build_written(name, rows)
        db.build_written(f"stg_{name}", f"select * from {name}")
    as_of = "as_of" if tonight else day
    db.build_written("night", f"select night.* replace ({as_of} as as_of) from main.night as night")


def keep_restated(db: Cursor, since_on: date, *, tonight: bool) -> None:
    """Add the features of the cursor's own schema to those measured on mixed rows."""
    for name in FEATURES:
        db.raw.execute(
            f"insert into main.{RESTATED}{name} by name select features.*,"
            " cast($since_on as date) as since_on, cast($tonight as boolean) as tonight"
            f" from {db.schema}.{name} as features"
            f" semi join (select member.borrower_id from main.member as member inner join main.cause_moved"
            " as moved using (unit) where moved.player = 'data' and member.since_on = $since_on) as restated"
            " using (borrower_id)",
            {"since_on": since_on, "tonight": tonight},
        )
