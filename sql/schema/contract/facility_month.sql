-- One row per credit line and closed month (its first day).
create table facility_month (
    facility_id varchar not null,
    month date not null,
    closing_balance_cents bigint not null,
    limit_cents bigint not null,
    payment_due_cents bigint not null,
    payment_made_cents bigint not null,
    days_past_due integer not null,
    drawdown_count integer not null,
    drawdown_cents bigint not null,
    interest_fees_cents bigint,
    principal_paid_cents bigint,
    average_balance_cents bigint,
    recorded_at timestamp,
    primary key (facility_id, month)
)
