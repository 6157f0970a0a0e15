-- One row per moved line and coalition: the limit that the walk leaves it.
create table cause_value (
    unit integer not null,
    coalition integer not null,
    facility_id varchar not null,
    limit_cents bigint not null
)
