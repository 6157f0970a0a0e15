-- One row per line that is looked for and that a file says is another borrower's.
select distinct held.facility_id
from held
where
    held.facility_id in (select facility_id from sought_line)
    and held.borrower_id not in (select borrower_id from sought_borrower)
order by held.facility_id
