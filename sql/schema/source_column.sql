-- One row per column of a source table: the type it came in and whether the contract can take it.
create table source_column (
    table_name varchar not null,
    column_name varchar not null,
    source_type varchar not null,
    contract_type varchar,
    counts_as_absent boolean not null,
    unfit_rows bigint not null,
    fits boolean not null
)
