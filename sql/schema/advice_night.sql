-- One row: the night that advice is looked for on, and the last month that had closed by then.
create table advice_night (
    as_of date not null,
    closed date not null
)
