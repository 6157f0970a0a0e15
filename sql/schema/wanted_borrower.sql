-- One row per borrower whose points are looked up.
create table wanted_borrower (
    borrower_id varchar not null,
    primary key (borrower_id)
)
