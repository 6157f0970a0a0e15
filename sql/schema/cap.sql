-- One row per hard cap in force: the most over all lines of a borrower or group, in the reporting currency.
create table cap (
    step varchar not null,
    cap_row varchar not null,
    scope varchar not null,
    subject varchar,
    jurisdiction varchar,
    cap_cents bigint not null
)
