-- One row per segment of a policy: how many days before a decrease its borrowers are told.
create table segment_notice (
    segment varchar not null,
    notice_days bigint not null
)
