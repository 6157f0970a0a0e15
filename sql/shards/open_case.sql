-- One row per borrower with an open review case.
select open_case.*
from open_case
order by open_case.borrower_id
