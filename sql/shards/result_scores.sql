-- One row of `scores` per borrower that the shard decides; what it read of others is left out.
select scores.*
from scores
semi join own on scores.borrower_id = own.borrower_id
order by scores.borrower_id
