-- One row per slot of projects: the score from which it holds (null: what is left, or its own events), and
-- the loss of a year as a share of what is exposed at default.
create table pol_slot (
    slot varchar not null,
    from_bp integer,
    el_bp integer not null
)
