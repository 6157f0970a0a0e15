-- One row per borrower and day of assessment.
create table assessment (
    borrower_id varchar not null,
    assessed_on date not null,
    market_position integer,
    management_quality integer,
    financial_strength integer,
    political_legal integer,
    transaction integer,
    sponsor integer,
    security integer,
    assessor varchar not null,
    recorded_at timestamp,
    primary key (borrower_id, assessed_on)
)
