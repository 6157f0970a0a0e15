-- One row where a committed night is revised: which batch stands (its number in the record), and which
-- revision of the night this is.
create table revision (
    revises bigint not null,
    number bigint not null
)
