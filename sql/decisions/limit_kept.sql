-- One row per line that moves, of a borrower beyond the appetite of its segment: the limit that the
-- appetite leaves, on the straight line between the last node within it and the next. What is drawn, where
-- that alone costs more.
with beyond as (
    select line_loss.*
    from line_loss
    inner join borrower_loss on line_loss.borrower_id = borrower_loss.borrower_id
    where line_loss.may_fall and borrower_loss.loss_cents > line_loss.el_appetite_cents
),

last_node as (
    select
        beyond.facility_id,
        max(loss_at_node.node) as node
    from beyond
    inner join
        loss_at_node
        on
            beyond.borrower_id = loss_at_node.borrower_id
            and beyond.el_appetite_cents >= loss_at_node.loss_cents
    group by beyond.facility_id
),

placed as (
    select
        beyond.facility_id,
        beyond.drawn_part_cents,
        from_node.node_cents as here_cents,
        to_node.node_cents as next_cents,
        beyond.el_appetite_cents - here.loss_cents as left_cents,
        further.loss_cents - here.loss_cents as step_cents
    from beyond
    left join last_node on beyond.facility_id = last_node.facility_id
    left join loss_at_node as here
        on beyond.borrower_id = here.borrower_id and last_node.node = here.node
    left join loss_at_node as further
        on beyond.borrower_id = further.borrower_id and last_node.node + 1 = further.node
    left join node_ead as from_node
        on beyond.facility_id = from_node.facility_id and last_node.node = from_node.node
    left join node_ead as to_node
        on beyond.facility_id = to_node.facility_id and last_node.node + 1 = to_node.node
)

select
    placed.facility_id,
    coalesce(
        placed.here_cents + cast(
            quotient(
                cast(placed.next_cents - placed.here_cents as hugeint) * placed.left_cents, placed.step_cents
            )
            as bigint
        ),
        placed.drawn_part_cents
    ) as kept_cents
from placed
