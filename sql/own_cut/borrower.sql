-- One row per borrower whose lines would be cut.
select borrower.*
from borrower
where borrower.borrower_id in (select cut_now.borrower_id from cut_now)
