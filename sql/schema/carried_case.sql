-- One row per open case of the night or of an earlier one, as it was opened, but for its day and for the kind
-- that a person made of it (`sent_on_as`): those are as they stand.
create table carried_case (
    case_id varchar not null,
    borrower_id varchar not null,
    kind varchar not null,
    sent_on_as varchar,
    opened_on date not null,
    due_on date,
    facility_ids varchar[] not null,
    triggers varchar[] not null,
    harm_cents bigint,
    utilisation_months_bp bigint[],
    primary key (case_id)
)
