-- One row per line and night that something bad or final is seen of: late, decreased or closed. `batch_seq`
-- is the batch of a decrease.
create table later_sign (
    facility_id varchar not null,
    as_of date not null,
    sign varchar not null,
    batch_seq bigint
)
