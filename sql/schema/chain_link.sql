-- One row per place of a made-up line in a chain: lines alike in all but one fact, the worse first.
create table chain_link (
    property varchar not null,
    chain varchar not null,
    place integer not null,
    facility_id varchar not null
)
