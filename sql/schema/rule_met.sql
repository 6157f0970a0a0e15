-- One row per line that meets a rule of the policy: the names of those it meets, in the policy's order.
create table rule_met (
    facility_id varchar not null primary key,
    rules varchar[] not null
)
