-- One row per night that changes are counted from: how tonight differs from it. A number of documents is 0
-- where they are tonight's.
create table cause_anchor (
    since_on date not null,
    days integer not null,
    months integer not null,
    model integer not null,
    policy integer not null,
    regulation integer not null
)
