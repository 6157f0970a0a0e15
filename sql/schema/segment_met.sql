-- One row per line and segment (by its ordinal) whose condition the line meets.
create table segment_met (
    facility_id varchar not null,
    ordinal integer not null,
    primary key (facility_id, ordinal)
)
