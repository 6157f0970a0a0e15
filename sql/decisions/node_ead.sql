-- One row per line of a borrower beyond the appetite and node: the exposure at default if the line kept that
-- part of its limit. Node 0: what is drawn; 16: what stands; 32: what is wished. A line that does not move
-- stays where it is.
with line as (
    select line_loss.*
    from line_loss
    where line_loss.borrower_id in (
        select beyond.borrower_id
        from line_loss as beyond
        inner join borrower_loss on beyond.borrower_id = borrower_loss.borrower_id
        where beyond.may_fall and borrower_loss.loss_cents > beyond.el_appetite_cents
    )
),

node as (
    select
        line.*,
        cast(step.node as integer) as node,
        case
            when step.node <= 16
                then
                    line.drawn_part_cents
                    + (line.standing_part_cents - line.drawn_part_cents) * step.node // 16
            else
                line.standing_part_cents
                + (line.wished_cents - line.standing_part_cents) * (step.node - 16) // 16
        end as node_cents
    from line
    cross join range(33) as step (node)
)

select
    node.facility_id,
    node.borrower_id,
    node.node,
    node.node_cents,
    node.rate_ppm,
    node.own_loss_rate_e8,
    node.covers,
    node.owed_cents
    + cast(
        quotient(
            cast(greatest(node.node_cents - node.drawn_cents, 0) as hugeint) * node.el_ccf_bp + 9999, 10000
        ) as bigint
    ) as ead_cents
from node
