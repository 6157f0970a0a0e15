-- One row per case of a queue: what it said of itself when it was opened, on this night or an earlier one.
create table carried_case (
    case_id varchar not null,
    facility_ids varchar[] not null,
    triggers varchar[] not null,
    utilisation_months_bp bigint[],
    primary key (case_id)
)
