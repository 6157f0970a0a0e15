-- One row per utilisation band: from_bp up to, not including, below_bp (null: no end).
create table pol_utilisation_band (
    ordinal integer not null,
    band varchar not null,
    from_bp integer not null,
    below_bp integer
)
