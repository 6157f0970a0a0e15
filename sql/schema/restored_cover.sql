-- One row per line with covers, had those of its anchor not lapsed.
create table restored_cover (
    facility_id varchar not null,
    covers struct(
        guarantee_id varchar,
        kind varchar,
        provider_id varchar,
        share_bp bigint,
        most_cents bigint,
        days bigint,
        loss_rate_e8 bigint,
        horizon_days bigint
    )[]
)
