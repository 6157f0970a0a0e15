-- One row per part and coalition: how much of the coalition's limit the part takes, in 3,600ths.
create table cause_weight (
    present integer not null,
    part varchar not null,
    coalition integer not null,
    weight integer not null
)
