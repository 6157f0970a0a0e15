-- One row per kind of case: the seconds in which nobody can have looked at one.
create table plausible (
    kind varchar not null,
    seconds bigint not null,
    primary key (kind)
)
