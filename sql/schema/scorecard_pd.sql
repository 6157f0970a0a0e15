-- One row per scorecard and step of its PD table: scores from score_from up to the next step's.
create table scorecard_pd (
    scorecard varchar not null,
    score_from integer not null,
    pd_bp integer not null,
    primary key (scorecard, score_from)
)
