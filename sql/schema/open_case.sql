-- One row per borrower with an open review case.
create table open_case (
    borrower_id varchar not null,
    case_id varchar not null,
    opened_on date,
    due_on date
)
