-- One row per line: the borrower's expected loss over all lines beside the appetite of the line's segment.
select
    walk_hurdle.* exclude (owed_loss_cents),
    borrower_loss.owed_loss_cents as obligor_owed_loss_cents,
    borrower_loss.loss_cents as obligor_loss_cents,
    coalesce(
        walk_hurdle.expected_loss_on and walk_hurdle.moves
        and borrower_loss.loss_cents > walk_hurdle.el_appetite_cents,
        false
    ) as is_beyond,
    coalesce(
        walk_hurdle.moves and borrower_loss.owed_loss_cents > walk_hurdle.el_appetite_cents, false
    ) as owed_is_beyond,
    case
        when walk_hurdle.moves
            then
                least(
                    walk_hurdle.wished_cents,
                    walk_hurdle.limit_cents,
                    greatest(walk_hurdle.drawn_cents, 0)
                )
        else walk_hurdle.wished_cents
    end as drawn_part_cents,
    case
        when walk_hurdle.moves then least(walk_hurdle.wished_cents, walk_hurdle.limit_cents)
        else walk_hurdle.wished_cents
    end as standing_part_cents
from walk_hurdle
left join borrower_loss on walk_hurdle.borrower_id = borrower_loss.borrower_id
