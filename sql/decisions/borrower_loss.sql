-- One row per scored borrower with an open line: expected loss over all lines, in the reporting currency,
-- rounded up: of what is owed, of the undrawn part as it would stand, and of the rises.
select
    walk_hurdle.borrower_id,
    cast(sum(
        (cast(walk_hurdle.owed_rep_cents as hugeint) * walk_hurdle.loss_rate + 99999999) // 100000000
    ) as bigint) as owed_loss_cents,
    cast(sum(
        (cast(walk_hurdle.standing_undrawn_rep_cents as hugeint) * walk_hurdle.loss_rate + 99999999)
        // 100000000
    ) as bigint) as undrawn_loss_cents,
    cast(sum(
        (cast(walk_hurdle.rise_rep_cents as hugeint) * walk_hurdle.loss_rate + 99999999) // 100000000
    ) as bigint) as rise_loss_cents
from walk_hurdle
where walk_hurdle.segment is not null and walk_hurdle.pd_bp is not null
group by walk_hurdle.borrower_id
