-- One row per segment, grade and utilisation band: the target as a share of the anchor limit.
create table pol_strategy (
    segment varchar not null,
    grade varchar not null,
    band varchar not null,
    target_bp integer not null
)
