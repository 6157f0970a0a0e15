-- One row per borrower of whom a row was set aside: all their lines hold.
create table quarantined_borrower (
    borrower_id varchar not null
)
