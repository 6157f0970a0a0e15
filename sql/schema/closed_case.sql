-- One row per case of a revised night that was closed since.
create table closed_case (
    case_id varchar not null
)
