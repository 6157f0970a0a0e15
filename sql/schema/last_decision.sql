-- One row per line of the last committed night: what sent it to people.
create table last_decision (
    facility_id varchar not null,
    triggers varchar[] not null
)
