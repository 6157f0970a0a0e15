-- One row per borrower and day a bureau report was pulled.
create table bureau_report (
    borrower_id varchar not null,
    pulled_on date not null,
    provider varchar,
    report_id varchar,
    lender_count integer,
    external_balance_cents bigint,
    external_limit_cents bigint,
    unsecured_revolving_cents bigint,
    monthly_payment_cents bigint,
    inquiries_6m integer,
    worst_dpd_now integer,
    worst_dpd_24m integer,
    public_record_count integer,
    disputed boolean,
    excludes_us boolean,
    recorded_at timestamp,
    primary key (borrower_id, pulled_on)
)
