-- One row per project line and report day.
create table project_status (
    facility_id varchar not null,
    reported_on date not null,
    phase varchar not null,
    completion_bp integer not null,
    cost_to_complete_cents bigint,
    dscr_bp integer,
    covenant_breached boolean not null,
    draw_stop boolean not null,
    recorded_at timestamp,
    primary key (facility_id, reported_on)
)
