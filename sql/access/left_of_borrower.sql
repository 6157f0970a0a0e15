-- One row per row of a file that is not of the borrower, in the order of the file.
select *
from held
where coalesce(list_contains($borrowers, held.borrower_id), false) is false
