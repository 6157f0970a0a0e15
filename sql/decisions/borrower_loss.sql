-- One row per borrower with a line whose loss rate is known: expected loss over all of them, in the reporting
-- currency: of what is owed, and of the limits wished.
select
    line_loss.borrower_id,
    cast(sum(line_loss.owed_loss_cents) as bigint) as owed_loss_cents,
    cast(sum(line_loss.loss_cents) as bigint) as loss_cents
from line_loss
group by line_loss.borrower_id
