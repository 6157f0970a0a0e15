-- One row per line that is told what would help, or that nothing would: the code of linewatch/advice.py, how
-- much, by which day, and the limit that the review of counts_on would then come to.
create table advice (
    facility_id varchar not null,
    standing varchar not null,
    code varchar not null,
    amount_cents bigint,
    by_on date,
    counts_on date,
    limit_cents bigint,
    primary key (facility_id)
)
