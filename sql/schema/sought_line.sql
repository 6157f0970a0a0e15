-- One row per way in which a file may write the key of a line of the borrower who is looked for.
create table sought_line (
    facility_id varchar not null
)
