-- One row: which snapshot the night's raw_ views stand on.
create table pulled (
    source varchar not null,
    source_identity varchar not null,
    snapshot varchar not null
)
