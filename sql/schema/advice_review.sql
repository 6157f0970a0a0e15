-- One row per later review that was tried, and the last day of the last month that has closed by then.
create table advice_review (
    review integer not null,
    day date not null,
    closed_on date not null
)
