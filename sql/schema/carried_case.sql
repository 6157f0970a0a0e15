-- One row per case opened on an earlier night and not closed since.
create table carried_case (
    case_id varchar not null,
    borrower_id varchar not null,
    kind varchar not null,
    opened_on date not null,
    due_on date,
    facility_ids varchar[] not null,
    triggers varchar[] not null,
    harm_cents bigint,
    utilisation_months_bp bigint[],
    primary key (case_id)
)
