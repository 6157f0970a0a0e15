-- One row per line whose limit a batch moves and that can be counted from an earlier night: what each factor
-- moved it by, in cents; within circumstances by driver; and the least and the most over all orders.
create table cause_of_line (
    facility_id varchar not null,
    caused_since_on date,
    cause_circumstances_cents bigint not null,
    cause_data_cents bigint not null,
    cause_model_cents bigint not null,
    cause_policy_cents bigint not null,
    cause_regulation_cents bigint not null,
    cause_conduct_cents bigint not null,
    cause_elapsed_time_cents bigint not null,
    cause_security_cents bigint not null,
    cause_related_cents bigint not null,
    cause_market_cents bigint not null,
    least_circumstances_cents bigint not null,
    most_circumstances_cents bigint not null,
    least_data_cents bigint not null,
    most_data_cents bigint not null,
    least_model_cents bigint not null,
    most_model_cents bigint not null,
    least_policy_cents bigint not null,
    most_policy_cents bigint not null,
    least_regulation_cents bigint not null,
    most_regulation_cents bigint not null
)
