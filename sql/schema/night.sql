-- One row: the night that is under review.
create table night (
    as_of date not null,
    previous_as_of date,
    freshness_days integer not null
)
