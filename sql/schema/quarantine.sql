-- One row per row of the source and warning it broke: what was set aside, and whose it was.
create table quarantine (
    table_name varchar not null,
    key varchar not null,
    borrower_id varchar,
    expectation varchar not null
)
