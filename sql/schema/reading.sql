-- One row per answer of a person to a review case. Seconds are of the Unix epoch.
create table reading (
    number bigint not null,
    case_id varchar not null,
    borrower_id varchar not null,
    kind varchar not null,
    event varchar not null,
    reader varchar not null,
    at_s bigint not null,
    began_s bigint not null,
    taken boolean not null,
    answered_on date not null,
    stands boolean not null,
    settled_by bigint,
    primary key (number)
)
