-- One row per band of a card's reference scores: scores below `below_score` that no lower band takes; the
-- last has none.
create table reference_score (
    scorecard varchar not null,
    band integer not null,
    below_score integer,
    lines bigint not null
)
