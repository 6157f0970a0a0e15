-- One row per guard of the policy: what tonight measured beside the most that passes unseen.
create table guards (
    guard varchar not null,
    value bigint,
    limit_value bigint not null,
    tripped boolean not null,
    because varchar not null
)
