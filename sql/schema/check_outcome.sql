-- One row per borrower whose outcome is known: what a scorecard is checked against, and no night reads.
create table check_outcome (
    borrower_id varchar not null,
    defaulted boolean not null,
    primary key (borrower_id)
)
