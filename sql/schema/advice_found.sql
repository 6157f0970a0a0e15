-- One row per line that something helps: the code of linewatch/advice.py, how much, by which day, and the
-- limit that the review of counts_on would come to.
create table advice_found (
    facility_id varchar not null,
    code varchar not null,
    amount_cents bigint,
    by_on date not null,
    counts_on date not null,
    limit_cents bigint not null
)
