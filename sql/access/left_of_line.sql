-- One row per row of a file that is not of a line of the borrower, in the order of the file.
select *
from held
where coalesce(list_contains($lines, held.facility_id), false) is false
