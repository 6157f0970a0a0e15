-- One row per coalition of the players that are present: which stand as tonight (linewatch/causes.py).
create table cause_coalition (
    present integer not null,
    coalition integer not null,
    conduct boolean not null,
    elapsed_time boolean not null,
    security boolean not null,
    related boolean not null,
    market boolean not null,
    data boolean not null,
    model boolean not null,
    policy boolean not null,
    regulation boolean not null
)
