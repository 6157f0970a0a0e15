-- One row per segment and trigger that the policy names for it.
create table pol_trigger (
    segment varchar not null,
    code varchar not null,
    value bigint not null
)
