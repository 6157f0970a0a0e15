-- One row per borrower, kind of consent and day it was granted.
create table consent (
    borrower_id varchar not null,
    kind varchar not null,
    granted_on date not null,
    facility_id varchar,
    amount_cents bigint,
    withdrawn_on date,
    recorded_at timestamp,
    primary key (borrower_id, kind, granted_on)
)
