-- One row per line whose cut, taken in a full step, would by itself make the borrower's grade fall. Found on
-- the way of a night's walk (sql/own_cut); given where causes are looked for, as on the night.
create table grade_fall (
    facility_id varchar not null
)
