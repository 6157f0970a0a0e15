-- One row: the days and terms that expectations compare with.
create table night_terms (
    night_as_of date not null,
    last_closed_month date not null,
    last_closed_day date not null,
    freshness_days integer not null,
    reporting_currency varchar
)
