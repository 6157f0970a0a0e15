-- One row per decision on a line of another borrower whose control group has this one's name.
select held.facility_id
from held
where
    held.group_id in (select borrower_id from sought_borrower)
    and held.borrower_id not in (select borrower_id from sought_borrower)
order by held.facility_id
