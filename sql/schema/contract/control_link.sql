-- One row per pair of borrowers of whom one controls the other, and day it began.
create table control_link (
    borrower_id varchar not null,
    related_borrower_id varchar not null,
    kind varchar not null,
    share_bp integer,
    valid_from date not null,
    valid_until date,
    recorded_at timestamp,
    primary key (borrower_id, related_borrower_id, kind, valid_from)
)
