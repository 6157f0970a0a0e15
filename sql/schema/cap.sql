-- One row per exposure cap of the policy: the most over all lines of a borrower or group, in the reporting
-- currency.
create table cap (
    cap_row varchar not null,
    scope varchar not null,
    subject varchar,
    cap_cents bigint not null
)
