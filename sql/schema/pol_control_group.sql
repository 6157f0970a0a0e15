-- One row: which ties bind borrowers to one group, and which treatments are a default.
create table pol_control_group (
    control_share_bp integer not null,
    dependence_share_bp integer not null,
    default_treatments varchar[] not null
)
