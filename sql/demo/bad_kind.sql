-- One row per fault to plant: what it does to the key, and in how many rows of its table.
create table bad_kind (
    table_name varchar not null,
    kind varchar not null,
    also varchar not null,
    edit varchar not null,
    part integer not null,
    beside boolean not null,
    among varchar not null,
    position integer not null,
    kinds integer not null,
    most_rows bigint not null
)
