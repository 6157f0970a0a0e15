-- One row per unit, candidate and review that was tried: the limit that the walk comes to, whether a person
-- would be asked, and whether the matrix raises anybody of the line's grade.
create table advice_value (
    unit integer not null,
    place integer not null,
    review integer not null,
    is_asked boolean not null,
    may_rise boolean not null,
    limit_cents bigint
)
