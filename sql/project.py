"""The rows as they would be at a later review, if everything stayed as it is and one thing were done.

Each candidate carries its name before every borrower and line of it, as populations do (docs/adr/0029): one
walk decides any number of them side by side. Months close, each like the last one; the lender's own changes
show at the source; days pass. What the action touches is edited in every row that it touches.
"""

# Names cannot be bound; these come from the contract and from the tables below, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sql.contract import Table, contract
from sql.engine import Cursor
from sql.past import TABLE as PAST
from sql.past import known
from sql.populate import NAMED

REPEATED = {"facility_month": "facility_id", "spending_month": "borrower_id", "trade_month": "borrower_id"}
"""Tables that get a row a month, and whose it is."""
COPIED = (
    *("bureau_report", "treatment", "consent", "control_link", "social_link", "financial_statement"),
    *("assessment", "project_status", "guarantee"),
)
STANDING = {"quarantined_borrower": "member", "open_case": "member"}
"""What is tonight's throughout, and the table that says to whom it belongs."""
TONIGHT = "tonight_decision"
PROMISES = "standing_promise"
"""Those that tonight leaves: one that it ends lifts no limit any more."""
THEN = "projected_past"
CHANGED = "projected_change"
PAID = (
    "case when {line}.facility_id = tried.facility_id then least(tried.amount_cents"
    " * greatest(date_diff('month', tried.pay_on, {month}) + 1, 0), greatest({line}.drawn_cents, 0))"
    " else 0 end"
)
"""What was paid beyond what is due by the end of a month: so much each month, and no more than is drawn."""
LAST = "(select coalesce(max(closed_month.month), date '1900-01-01') from closed_month)"
IS_PAID = "rows_.borrower_id = tried.borrower_id and rows_.days_past_due > 0"
OF_LINE = {
    "days_past_due": f"case when {IS_PAID} then 0 else rows_.days_past_due end",
    "past_due_cents": f"case when {IS_PAID} then 0 else rows_.past_due_cents end",
    "drawn_cents": f"rows_.drawn_cents - {PAID.format(line='rows_', month=LAST)}",
    "credit_limit_cents": "coalesce(past.committed_limit_cents, rows_.credit_limit_cents)",
    "annual_rate_bp": "coalesce(past.committed_rate_bp, rows_.annual_rate_bp)",
    "drawdown_blocked": "case when past.own_block then true else rows_.drawdown_blocked end",
    "last_limit_change_on": "greatest(rows_.last_limit_change_on, case when tonight.committed_limit_cents"
    " <> rows_.credit_limit_cents then tonight.expected_on end, changed.effective_on)",
    "last_change_by": "case when past.committed_limit_cents <> rows_.credit_limit_cents then 'lender'"
    " else rows_.last_change_by end",
}
"""What a line's row becomes: what is paid, what was late first, and what we changed by then."""
PROVEN = "tried.proves and tried.pay_on <= night.as_of and rows_.borrower_id = tried.borrower_id"
OF_BORROWER = {
    "income_kind": f"case when {PROVEN} then 'verified' else rows_.income_kind end",
    "income_verified_on": f"case when {PROVEN} then tried.pay_on else rows_.income_verified_on end",
}
IS_OWN = "line.borrower_id = tried.borrower_id"
OF_MONTH = {
    "facility_id": "tried.name || last_.facility_id",
    "month": "closed_month.month",
    "closing_balance_cents": f"line.drawn_cents - {PAID.format(line='line', month='closed_month.month')}",
    "limit_cents": "coalesce(tonight.committed_limit_cents, line.credit_limit_cents)",
    "payment_made_cents": f"case when {IS_OWN} then greatest(last_.payment_made_cents,"
    " last_.payment_due_cents) else last_.payment_made_cents end"
    f" + {PAID.format(line='line', month='closed_month.month')}"
    f" - {PAID.format(line='line', month='closed_month.month - interval 1 month')}",
    "days_past_due": f"case when {IS_OWN} then 0 else last_.days_past_due end",
}
"""A month that closes: like the last one, all that is due paid in time, and what is paid beyond it."""


def begin(db: Cursor) -> None:
    """Leave what the first review carries on from; `tried`, `member_line` and `tonight_decision` stand."""
    columns = db.columns(PAST)
    db.build_written(THEN, _of_lines(known(db, TONIGHT, columns), columns))
    changes = (
        "select facility_id, as_of, old_limit_cents, new_limit_cents, cast(null as date) as effective_on"
        " from past_change union all select facility_id, decided_on, limit_cents, committed_limit_cents, null"
        f" from {TONIGHT} where committed_limit_cents <> limit_cents"
    )
    names = ("facility_id", "as_of", "old_limit_cents", "new_limit_cents", "effective_on")
    db.build_written(CHANGED, _of_lines(changes, names))
    for table, key in REPEATED.items():
        _leave_last(db, table, key, "month", "closed")
    _leave_last(db, "bureau_report", "borrower_id", "pulled_on", "as_of")


def _leave_last(db: Cursor, table: str, key: str, dated: str, until: str) -> None:
    db.build_written(
        f"last_{table}",
        f"select * from {table} where {dated} <= (select {until} from advice_night)"
        f" qualify row_number() over (partition by {key} order by {dated} desc) = 1",
    )


def _of_lines(rows: str, columns: Sequence[str] | dict[str, str]) -> str:
    """Rows a line, once for each candidate that the line is a member of."""
    picked = ", ".join(
        "tried.name || rows_.facility_id as facility_id" if name == "facility_id" else f"rows_.{name}"
        for name in columns
    )
    return (
        f"select {picked} from tried inner join member_line using (unit)"
        f" inner join ({rows}) as rows_ on rows_.facility_id = member_line.facility_id"
    )


def project(db: Cursor, day: date, previous: date, months: Sequence[date]) -> None:
    """Leave in the cursor's own schema every table that features and walk of a later day read.

    `months` have closed between tonight and `day`; `previous` is the day of the review before.
    """
    db.build_written(
        "night",
        f"select * replace (date '{day.isoformat()}' as as_of, date '{previous.isoformat()}'"
        " as previous_as_of) from main.night",
    )
    listed = ", ".join(f"date '{month.isoformat()}'" for month in months)
    db.build_written("closed_month", f"select unnest(cast([{listed}] as date[])) as month")
    for name in COPIED:
        _leave(db, name, _copied(contract()[name]))
    for name, key in REPEATED.items():
        table = contract()[name]
        later = _months_of_line(table) if key == "facility_id" else _months_of_borrower(table)
        _leave(db, name, f"{_copied(table)} union all {later}")
    _leave(db, "borrower", _row(contract()["borrower"], "borrower", OF_BORROWER))
    db.build_written("stg_facility", _row(contract()["facility"], "stg_facility", OF_LINE))
    db.build_written("facility", _row(contract()["facility"], "facility", OF_LINE))
    for name, owner in STANDING.items():
        db.build_written(name, _standing(list(db.columns(name)), name, owner))
    db.build_written(PAST, f"select * from main.{THEN}")
    db.build_written("past_change", f"select * from main.{CHANGED}")
    db.build_written("past_promise", _promises(list(db.columns(PROMISES))))


def _promises(columns: Sequence[str]) -> str:
    """The promises that stand, of every line of the candidates."""
    picked = ", ".join(_named(name) for name in columns)
    return (
        f"select {picked} from tried inner join member_line using (unit)"
        f" inner join main.{PROMISES} as rows_ on rows_.facility_id = member_line.facility_id"
    )


def carry_on(db: Cursor) -> None:
    """Leave what the next review carries on from: what this one left, in `decisions` of the own schema."""
    columns = db.columns(THEN)
    db.raw.execute(f"create or replace table main.{THEN} as {known(db, 'decisions', columns)}")
    db.raw.execute(
        f"insert into main.{CHANGED} select facility_id, decided_on, limit_cents, committed_limit_cents,"
        " expected_on from decisions where committed_limit_cents <> limit_cents"
    )


def _leave(db: Cursor, name: str, rows: str) -> None:
    db.build_written(name, rows)
    if name != "borrower":
        db.raw.execute(f"create or replace view {db.schema}.stg_{name} as from {db.schema}.{name}")


def _copied(table: Table) -> str:
    """A table's rows as they are; the newest bureau report is followed by one like it, of that day's age."""
    key = "borrower_id" if any(column.name == "borrower_id" for column in table.columns) else "facility_id"
    owner = "member" if key == "borrower_id" else "member_line"
    picked = ", ".join(_named(column.name) for column in table.columns)
    source = f"main.{table.name}"
    joined = f"from tried inner join {owner} using (unit) inner join {source} as rows_"
    rows = f"select {picked} {joined} on rows_.{key} = {owner}.{key}"
    if table.name == "social_link":
        # Who shares a device is counted from either end, and the other is no member.
        return f"{rows} union select {picked} {joined} on rows_.related_borrower_id = member.borrower_id"
    if table.name != "bureau_report":
        return rows
    later = ", ".join(
        "rows_.pulled_on + cast(night.as_of - advice_night.as_of as integer) as pulled_on"
        if column.name == "pulled_on"
        else _named(column.name)
        for column in table.columns
    )
    return (
        f"{rows} union all select {later} from tried inner join {owner} using (unit)"
        f" inner join main.last_bureau_report as rows_ on rows_.{key} = {owner}.{key}"
        " cross join night cross join advice_night"
    )


def _named(name: str) -> str:
    return f"tried.name || rows_.{name} as {name}" if name in NAMED else f"rows_.{name}"


def _months_of_line(table: Table) -> str:
    picked = ", ".join(
        f"{OF_MONTH.get(column.name, f'last_.{column.name}')} as {column.name}" for column in table.columns
    )
    return (
        f"select {picked} from tried inner join member_line using (unit)"
        " inner join main.last_facility_month as last_ on last_.facility_id = member_line.facility_id"
        " inner join main.stg_facility as line on line.facility_id = member_line.facility_id"
        f" left join main.{TONIGHT} as tonight on tonight.facility_id = member_line.facility_id"
        " cross join closed_month"
    )


def _months_of_borrower(table: Table) -> str:
    picked = ", ".join(
        "closed_month.month" if column.name == "month" else _named(column.name) for column in table.columns
    )
    return (
        f"select {picked} from tried inner join member using (unit)"
        f" inner join main.last_{table.name} as rows_ on rows_.borrower_id = member.borrower_id"
        " cross join closed_month"
    )


def _row(table: Table, source: str, becomes: dict[str, str]) -> str:
    """A table with one row a borrower or line."""
    of_line = "credit_limit_cents" in becomes
    owner, key = ("member_line", "facility_id") if of_line else ("member", "borrower_id")
    picked = ", ".join(
        f"{becomes[column.name]} as {column.name}" if column.name in becomes else _named(column.name)
        for column in table.columns
    )
    past = (
        f" left join main.{THEN} as past on past.facility_id = tried.name || rows_.facility_id"
        f" left join main.{TONIGHT} as tonight on tonight.facility_id = rows_.facility_id"
        " left join (select facility_id, max(effective_on) as effective_on"
        f" from main.{CHANGED} group by facility_id) as changed"
        " on changed.facility_id = tried.name || rows_.facility_id"
    )
    return (
        f"select {picked} from tried inner join {owner} using (unit)"
        f" inner join main.{source} as rows_ on rows_.{key} = {owner}.{key}"
        f"{past if of_line else ''} cross join night"
    )


def _standing(columns: Sequence[str], name: str, owner: str) -> str:
    picked = ", ".join(_named(column) for column in columns)
    return (
        f"select {picked} from tried inner join {owner} using (unit)"
        f" inner join main.{name} as rows_ on rows_.borrower_id = {owner}.borrower_id"
    )
