-- One row per line: the borrower's expected loss over all lines against the appetite. Rises are scaled
-- down first; then, if what stands is still beyond it, undrawn parts are cut pro rata; what is drawn
-- cannot be: no rise, and the line is referred.
with weighed as (
    select
        walk_hurdle.*,
        walk_hurdle.el_appetite_cents - borrower_loss.owed_loss_cents as room_cents,
        borrower_loss.undrawn_loss_cents,
        borrower_loss.rise_loss_cents,
        walk_hurdle.expected_loss_on and walk_hurdle.moves
        and borrower_loss.owed_loss_cents + borrower_loss.undrawn_loss_cents + borrower_loss.rise_loss_cents
        > walk_hurdle.el_appetite_cents as is_beyond
    from walk_hurdle
    left join borrower_loss on walk_hurdle.borrower_id = borrower_loss.borrower_id
)

select
    weighed.*,
    coalesce(weighed.moves and weighed.room_cents < 0, false) as owed_is_beyond,
    case
        when not coalesce(weighed.is_beyond, false) then weighed.wished_cents
        when weighed.room_cents <= 0 then least(weighed.wished_cents, weighed.limit_cents)
        when weighed.undrawn_loss_cents > weighed.room_cents
            then
                least(weighed.wished_cents, greatest(weighed.drawn_cents, 0) + cast(
                    cast(greatest(
                        least(weighed.wished_cents, weighed.limit_cents) - greatest(weighed.drawn_cents, 0), 0
                    ) as hugeint) * weighed.room_cents // weighed.undrawn_loss_cents as bigint
                ))
        when weighed.wished_cents > weighed.limit_cents
            then
                weighed.limit_cents + cast(
                    cast(weighed.wished_cents - weighed.limit_cents as hugeint)
                    * (weighed.room_cents - weighed.undrawn_loss_cents) // weighed.rise_loss_cents as bigint
                )
        else weighed.wished_cents
    end as after_expected_loss_cents,
    case
        when coalesce(weighed.is_beyond, false) then 'appetite'
        when weighed.misses_hurdle then 'hurdle'
    end as expected_loss_row,
    case
        when coalesce(weighed.is_beyond, false) then weighed.el_appetite_cents
        when weighed.misses_hurdle then weighed.el_hurdle_bp
    end as expected_loss_value
from weighed
