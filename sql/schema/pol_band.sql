-- One row per subject and grade: PDs from pd_from_bp up to, not including, pd_below_bp.
create table pol_band (
    subject varchar not null,
    grade varchar not null,
    pd_from_bp integer not null,
    pd_below_bp integer not null
)
