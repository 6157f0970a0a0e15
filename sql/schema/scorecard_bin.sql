-- One row per scorecard, characteristic and attribute: value_from <= value < value_below, or unknown.
create table scorecard_bin (
    scorecard varchar not null,
    characteristic varchar not null,
    family varchar not null,
    driver varchar not null,
    reference_points integer not null,
    attribute integer not null,
    value_from bigint,
    value_below bigint,
    is_unknown boolean not null,
    points integer not null,
    is_optional boolean,
    primary key (scorecard, characteristic, attribute)
)
