-- One row per borrower: personal data, read by drafts, exports and access requests alone.
create table contact (
    borrower_id varchar not null,
    name varchar,
    address varchar,
    channel varchar,
    recorded_at timestamp,
    primary key (borrower_id)
)
