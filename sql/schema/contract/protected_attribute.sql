-- One row per borrower: read by the fairness report alone.
create table protected_attribute (
    borrower_id varchar not null,
    sex varchar,
    birth_year integer,
    marital_status varchar,
    education varchar,
    recorded_at timestamp,
    primary key (borrower_id)
)
