-- One row per made-up line on which a policy's properties are tried: the PD that it is given.
create table grid_line (
    facility_id varchar not null,
    borrower_id varchar not null,
    pd_bp integer not null
)
