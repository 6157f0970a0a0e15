-- One row per line whose letter did not say what was decided: what was wrong with it.
create table draft_failed (
    facility_id varchar not null,
    why varchar not null,
    primary key (facility_id)
)
