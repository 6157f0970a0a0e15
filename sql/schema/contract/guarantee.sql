-- One row per credit line and guarantee.
create table guarantee (
    facility_id varchar not null,
    guarantee_id varchar not null,
    kind varchar not null,
    provider_id varchar not null,
    provider_grade varchar,
    covered_share_bp integer not null,
    cap_cents bigint,
    value_cents bigint,
    valued_on date,
    valid_from date not null,
    valid_until date,
    status varchar,
    recorded_at timestamp,
    primary key (facility_id, guarantee_id)
)
