-- One row per line whose limit a batch moves: from what, to what, and since which night causes are sought.
create table moved_line (
    facility_id varchar not null,
    group_id varchar not null,
    since_on date,
    old_limit_cents bigint not null,
    new_limit_cents bigint not null
)
