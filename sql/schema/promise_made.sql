-- One row per promise that tonight makes: to set a line to a limit at the first review from due_on, if what
-- is asked is done until then.
create table promise_made (
    promise_id varchar not null,
    facility_id varchar not null,
    borrower_id varchar not null,
    made_on date not null,
    code varchar not null,
    amount_cents bigint,
    pay_on date not null,
    by_on date not null,
    drawn_cents bigint not null,
    due_on date not null,
    limit_cents bigint not null,
    primary key (facility_id)
)
