-- One row per case that somebody asks about, with the lines that it was opened with.
create table named_case (
    case_id varchar not null,
    facility_ids varchar[] not null
)
