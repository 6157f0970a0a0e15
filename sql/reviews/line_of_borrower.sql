-- At most one row: a line of the borrower $borrower_id.
select decisions.facility_id
from decisions
where decisions.borrower_id = $borrower_id
order by decisions.facility_id
limit 1
