-- One row per line of a walk that is told which reviews are due, and why: the causes of a change are looked
-- for on the night's own terms, whatever falls due on other rows or under other documents.
create table given_due (
    facility_id varchar not null,
    due_because varchar
)
