-- One row per borrower with a line on which the score is a ground: whose points are looked up.
select distinct ground.borrower_id
from ground
where ground.step in ('strategy', 'expected_loss')
order by ground.borrower_id
