-- One row per record of law that could bind an open line tonight, in the order of the law. Amounts that are
-- compared with money of ours are in reporting cents; those beside income, in the record's own currency.
create table law_record (
    ordinal integer not null,
    pack varchar not null,
    record_id varchar not null,
    type varchar not null,
    measure varchar not null,
    value bigint,
    for_months integer not null,
    least_cents bigint,
    borrower_type varchar,
    product varchar,
    age_group varchar,
    income_from_cents bigint,
    income_below_cents bigint,
    revenue_from_cents bigint,
    revenue_below_cents bigint,
    currency_ppm bigint not null,
    owner varchar,
    cap_cents bigint,
    rate_bp bigint
)
