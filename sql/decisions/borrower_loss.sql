-- One row per borrower with a line whose loss rate is known: expected loss over all of them, in the
-- reporting currency: of what is owed, and of the limits wished.
select
    walk_hurdle.borrower_id,
    cast(sum(walk_hurdle.owed_loss_cents) as bigint) as owed_loss_cents,
    cast(sum(walk_hurdle.loss_cents) as bigint) as loss_cents
from walk_hurdle
where walk_hurdle.own_loss_rate_e8 is not null
group by walk_hurdle.borrower_id
