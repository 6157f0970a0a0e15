-- One row per open case of the record: what orders it and where it stands. `sent_on_as` is the kind that a
-- person made of it. `left_out` says why a queue does not show it: ready, for_others; it is empty for one
-- that waits for somebody to look at it.
create table lined_up (
    case_id varchar not null,
    borrower_id varchar not null,
    kind varchar not null,
    sent_on_as varchar,
    opened_on date not null,
    due_on date,
    harm_cents bigint,
    stage varchar not null,
    holder varchar not null,
    left_out varchar not null,
    primary key (case_id)
)
