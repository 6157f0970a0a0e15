-- One row per falling line, step and kind (without: all steps but this; alone: this step only).
create table ground_outcome (
    facility_id varchar not null,
    step varchar not null,
    kind varchar not null,
    proposed_limit_cents bigint not null,
    step_row varchar
)
