-- One row per segment, grade or slot, and utilisation band: the target as a share of the anchor limit.
create table pol_strategy (
    segment varchar not null,
    rating varchar not null,
    band varchar not null,
    target_bp integer not null
)
