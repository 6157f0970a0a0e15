-- One row: how many rows of the borrowers of a snapshot are of this one.
select count(*) as rows_of_theirs
from raw_borrower
where list_contains($borrowers, raw_borrower.borrower_id)
