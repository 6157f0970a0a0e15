-- One row per change of a batch; empty where it has none, or has them no more.
create table kept_changes (
    facility_id varchar not null,
    change_id varchar not null
)
