-- One row per named rate (LPR and the like) and day.
create table reference_rate (
    name varchar not null,
    as_of date not null,
    rate_bp integer not null,
    recorded_at timestamp,
    primary key (name, as_of)
)
