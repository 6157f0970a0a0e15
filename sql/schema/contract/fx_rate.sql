-- One row per currency and day: reporting currency units for one unit, in millionths.
create table fx_rate (
    currency varchar not null,
    as_of date not null,
    rate_ppm bigint not null,
    recorded_at timestamp,
    primary key (currency, as_of)
)
