-- One row per number of days before the end of a cover on which its line is looked at.
create table pol_expiring (
    days integer not null
)
