-- One row per expectation tried tonight.
create table validation (
    table_name varchar not null,
    expectation varchar not null,
    kind varchar not null,
    severity varchar not null,
    success boolean not null,
    evaluated boolean not null,
    unexpected_rows bigint not null,
    total_rows bigint not null,
    because varchar not null
)
