-- One row per segment and trigger that the policy names for it. Its reason is that of the block that stands
-- while the case is open; null: nothing does. It may invite the borrower to a meeting.
create table pol_trigger (
    segment varchar not null,
    code varchar not null,
    value bigint not null,
    reason varchar,
    invites varchar
)
