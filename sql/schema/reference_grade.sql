-- One row per card and grade: how many lines of its reference population had it.
create table reference_grade (
    scorecard varchar not null,
    grade varchar not null,
    lines bigint not null
)
