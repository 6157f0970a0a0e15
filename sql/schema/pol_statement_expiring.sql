-- One row per number of days before a statement is stale on which its lines are looked at.
create table pol_statement_expiring (
    days integer not null
)
