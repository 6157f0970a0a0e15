-- One row per guarantee that the borrower gives for a line of another.
select *
from held
where
    held.provider_id in (select borrower_id from sought_borrower)
    and held.facility_id not in (select facility_id from sought_line)
order by all
