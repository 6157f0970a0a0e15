-- One row per committed change of the last four hundred days.
create table past_change (
    facility_id varchar not null,
    as_of date not null,
    old_limit_cents bigint not null,
    new_limit_cents bigint not null
)
