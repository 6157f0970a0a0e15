-- One row per line of the borrower, as a file has them.
select distinct held.facility_id
from held
where held.borrower_id in (select borrower_id from sought_borrower)
order by held.facility_id
