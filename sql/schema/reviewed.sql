-- One row per line that a settlement decides again: the limit that people left it, where the hard caps begin.
-- Empty in a night.
create table reviewed (
    facility_id varchar not null,
    reviewed_limit_cents bigint not null
)
