-- One row per early warning that stood after the last committed night.
create table past_warning (
    facility_id varchar not null,
    borrower_id varchar not null,
    warned_on date not null,
    reviewed_on date,
    due_on date not null,
    limit_cents bigint not null,
    warned_limit_cents bigint not null,
    effective_on date not null,
    reason_codes varchar[] not null,
    advice_standing varchar not null,
    advice_code varchar not null,
    advice_amount_cents bigint,
    advice_by_on date,
    advice_counts_on date,
    advice_limit_cents bigint
)
