-- One row per unit, candidate and review that was tried: the limit that the walk comes to, whether a person
-- would be asked, and whether less might do more.
create table advice_value (
    unit integer not null,
    place integer not null,
    review integer not null,
    is_asked boolean not null,
    may_be_less boolean not null,
    limit_cents bigint
)
