-- One row per case that cannot be settled as it was decided.
create table sent_back (
    case_id varchar not null
)
