-- One row per row of the quarantine that is neither of the borrower nor of a line of theirs, in the order of
-- the file.
select *
from held
where
    coalesce(list_contains($borrowers, held.borrower_id), false) is false
    and coalesce(list_contains($borrowers, split_part(held.key, '|', 1)), false) is false
    and coalesce(list_contains($lines, split_part(held.key, '|', 1)), false) is false
