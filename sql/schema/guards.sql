-- One row per guard of the policy: what tonight measured beside the most that passes unseen, or why it could
-- not be measured.
create table guards (
    guard varchar not null,
    value bigint,
    limit_value bigint not null,
    tripped boolean not null,
    because varchar not null,
    not_measured varchar
)
