-- One row per borrower.
create table borrower (
    borrower_id varchar not null,
    borrower_type varchar not null,
    jurisdiction varchar not null,
    onboarded_on date,
    identity_verified_on date,
    annual_income_cents bigint,
    net_monthly_income_cents bigint,
    income_kind varchar,
    income_verified_on date,
    housing_cents bigint,
    language varchar,
    profile_use boolean,
    limit_increase boolean,
    industry_code varchar,
    under_21 boolean,
    student boolean,
    hardship_on date,
    deceased_on date,
    fraud_flag varchar,
    recorded_at timestamp,
    primary key (borrower_id)
)
