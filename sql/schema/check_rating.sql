-- One row per borrower whom somebody else has rated (1 is the best): for checks, and read by no night.
create table check_rating (
    borrower_id varchar not null,
    rating integer not null,
    primary key (borrower_id)
)
