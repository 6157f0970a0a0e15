-- One row per published change of a line's limit, rate or block; empty where no home is given.
create table published_change (
    change_id varchar not null,
    batch varchar not null,
    facility_id varchar not null,
    as_of date not null,
    effective_on date not null,
    old_limit_cents bigint,
    new_limit_cents bigint,
    new_rate_bp integer,
    blocked boolean
)
