-- One row per subject whose scorecard has a version before it: the first day of the one in force.
create table grace (
    subject varchar not null,
    began_on date not null
)
