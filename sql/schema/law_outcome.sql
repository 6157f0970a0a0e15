-- One row per line of a group that the law bound: where it would end with no cap, gate or block in force.
create table law_outcome (
    facility_id varchar not null,
    proposed_limit_cents bigint
)
