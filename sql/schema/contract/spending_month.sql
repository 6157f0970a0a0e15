-- One row per borrower and month (its first day).
create table spending_month (
    borrower_id varchar not null,
    month date not null,
    essential_cents bigint not null,
    discretionary_cents bigint not null,
    cash_like_cents bigint not null,
    recorded_at timestamp,
    primary key (borrower_id, month)
)
