-- One row per rule of the policy and segment that it is for; linewatch/expression.py wrote the condition.
create table pol_rule (
    ordinal integer not null,
    segment varchar not null,
    name varchar not null,
    effect varchar not null,
    condition varchar not null
)
