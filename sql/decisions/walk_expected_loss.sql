-- One row per line: where the borrower's expected loss is beyond the appetite, rises are scaled down first,
-- all lines alike, then undrawn parts. What is drawn cannot be cut: then nothing is left undrawn, and a
-- person looks.
select
    walk_hurdle.* exclude (owed_loss_cents),
    borrower_loss.owed_loss_cents as obligor_owed_loss_cents,
    borrower_loss.loss_cents as obligor_loss_cents,
    limit_kept.facility_id is not null as is_beyond,
    coalesce(
        walk_hurdle.moves and borrower_loss.owed_loss_cents > walk_hurdle.el_appetite_cents, false
    ) as owed_is_beyond,
    coalesce(limit_kept.kept_cents, walk_hurdle.wished_cents) as after_expected_loss_cents,
    case
        when limit_kept.facility_id is not null then 'appetite'
        when walk_hurdle.misses_hurdle then 'hurdle'
    end as expected_loss_row,
    case
        when limit_kept.facility_id is not null then walk_hurdle.el_appetite_cents
        when walk_hurdle.misses_hurdle then walk_hurdle.el_hurdle_bp
    end as expected_loss_value
from walk_hurdle
left join borrower_loss on walk_hurdle.borrower_id = borrower_loss.borrower_id
left join limit_kept on walk_hurdle.facility_id = limit_kept.facility_id
