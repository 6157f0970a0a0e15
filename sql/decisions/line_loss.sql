-- One row per line whose loss rate is known: its loss, and between which limits the appetite may bring it
-- down: what is drawn, what stands, what is wished. A line that does not move stays where it is.
select
    walk_hurdle.facility_id,
    walk_hurdle.borrower_id,
    walk_hurdle.rate_ppm,
    walk_hurdle.el_appetite_cents,
    walk_hurdle.el_ccf_bp,
    walk_hurdle.own_loss_rate_e8,
    walk_hurdle.covers,
    walk_hurdle.owed_cents,
    greatest(walk_hurdle.drawn_cents, 0) as drawn_cents,
    walk_hurdle.owed_loss_cents,
    walk_hurdle.loss_cents,
    coalesce(walk_hurdle.expected_loss_on and walk_hurdle.moves, false) as may_fall,
    case
        when walk_hurdle.moves
            then
                least(
                    walk_hurdle.wished_cents, walk_hurdle.limit_cents, greatest(walk_hurdle.drawn_cents, 0)
                )
        else walk_hurdle.wished_cents
    end as drawn_part_cents,
    case
        when walk_hurdle.moves then least(walk_hurdle.wished_cents, walk_hurdle.limit_cents)
        else walk_hurdle.wished_cents
    end as standing_part_cents,
    walk_hurdle.wished_cents
from walk_hurdle
where walk_hurdle.own_loss_rate_e8 is not null
