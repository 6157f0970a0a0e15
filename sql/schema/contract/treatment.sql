-- One row per borrower, kind of treatment and day it began.
create table treatment (
    borrower_id varchar not null,
    kind varchar not null,
    valid_from date not null,
    valid_until date,
    recorded_at timestamp,
    primary key (borrower_id, kind, valid_from)
)
