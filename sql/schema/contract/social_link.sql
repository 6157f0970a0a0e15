-- One row per pair of borrowers and kind of tie.
create table social_link (
    borrower_id varchar not null,
    related_borrower_id varchar not null,
    kind varchar not null,
    recorded_at timestamp,
    primary key (borrower_id, related_borrower_id, kind)
)
