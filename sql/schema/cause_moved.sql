-- One row per unit and player whose rows are not what they were at the anchor.
create table cause_moved (
    unit integer not null,
    player varchar not null
)
