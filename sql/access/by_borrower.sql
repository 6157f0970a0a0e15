-- One row per row of a file that is of the borrower.
select *
from held
where held.borrower_id in (select borrower_id from sought_borrower)
order by all
