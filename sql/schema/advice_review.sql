-- One row per later review that was tried and day of a month on which lines are reviewed: on which day that
-- is, and the last day of the last month that has closed by then.
create table advice_review (
    review integer not null,
    review_day integer not null,
    day date not null,
    closed_on date not null
)
