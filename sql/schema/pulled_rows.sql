-- One row per table that tonight's source holds.
create table pulled_rows (
    table_name varchar not null,
    rows bigint not null
)
