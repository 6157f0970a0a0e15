-- One row per row of a file that is of a line of the borrower.
select *
from held
where held.facility_id in (select facility_id from sought_line)
order by all
