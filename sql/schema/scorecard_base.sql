-- One row per scorecard in use: whom it scores, and what every score starts from.
create table scorecard_base (
    scorecard varchar not null,
    subject varchar not null,
    base_points integer not null,
    primary key (scorecard)
)
