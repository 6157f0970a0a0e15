-- One row per decision of a night; empty where it has none, or has them no more.
create table kept_decisions (
    facility_id varchar not null,
    jurisdiction varchar
)
