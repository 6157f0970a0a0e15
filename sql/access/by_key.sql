-- One row per row of the quarantine that is of the borrower, or of a line of theirs.
select *
from held
where
    held.borrower_id in (select borrower_id from sought_borrower)
    or split_part(held.key, '|', 1) in (select borrower_id from sought_borrower)
    or split_part(held.key, '|', 1) in (select facility_id from sought_line)
order by all
