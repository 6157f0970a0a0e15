-- One row per letter drafted tonight; nothing is sent.
create table drafts (
    draft_id varchar not null,
    facility_id varchar not null,
    borrower_id varchar not null,
    kind varchar not null,
    language varchar not null,
    effective_on date,
    deadline_on date,
    reference varchar not null,
    subject varchar not null,
    body varchar not null,
    reason_codes varchar[] not null,
    primary key (facility_id, kind)
)
