-- One row per line of the last committed night: what tonight carries on from.
create table past_decision (
    facility_id varchar not null,
    limit_cents bigint,
    source_limit_cents bigint,
    committed_limit_cents bigint,
    own_block boolean,
    drawn_cents bigint,
    owed_cents bigint,
    looked_at_on date,
    looked_at_dpd integer,
    offered_on date,
    standing_grade varchar,
    improve_reviews integer,
    next_anchor_limit_cents bigint,
    next_anchor_on date,
    fired_target_bp integer,
    fired_on date,
    plan_open boolean,
    last_decrease_on date,
    last_increase_on date,
    reviewed_on date,
    score integer
)
