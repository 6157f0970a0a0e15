-- One row per factor and two coalitions that differ by it alone.
create table cause_pair (
    present integer not null,
    part varchar not null,
    without integer not null,
    with_it integer not null
)
