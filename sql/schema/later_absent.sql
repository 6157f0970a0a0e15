-- One row per line that a night's source leaves out; for a night that kept no such list.
create table later_absent (
    facility_id varchar not null
)
