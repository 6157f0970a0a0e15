-- One row per line of an answer. `first_outcome` is what the first reader said of it, of a second reading.
create table reading_line (
    number bigint not null,
    facility_id varchar not null,
    outcome varchar not null,
    first_outcome varchar,
    limit_cents bigint,
    proposed_limit_cents bigint,
    standing_limit_cents bigint,
    grade varchar,
    triggers varchar[] not null
)
