-- One row per way in which a file may write the key of the borrower who is looked for.
create table sought_borrower (
    borrower_id varchar not null
)
