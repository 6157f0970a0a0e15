-- One row if a snapshot has the borrower: what it says of them.
select *
from raw_borrower
where raw_borrower.borrower_id = $borrower_id
order by all
limit 1
