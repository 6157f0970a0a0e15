-- One row per table that the last committed night's source held.
create table last_night_rows (
    table_name varchar not null,
    rows bigint not null
)
