-- One row per line of a decided case: what its reviewer wants, and who.
create table answered_line (
    case_id varchar not null,
    facility_id varchar not null,
    outcome varchar not null,
    limit_cents bigint,
    reason varchar not null,
    decided_by varchar not null,
    agreed_by varchar,
    evidence varchar[]
)
