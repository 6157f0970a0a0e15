-- One row per borrower and appetite that is exceeded: the last node within it, its loss and the next one's.
-- None where even what is drawn costs more.
with wanted as (
    select distinct
        walk_appetite.borrower_id,
        walk_appetite.el_appetite_cents
    from walk_appetite
    where walk_appetite.is_beyond
),

kept as (
    select
        wanted.borrower_id,
        wanted.el_appetite_cents,
        max(loss_at_node.node) as node
    from wanted
    inner join
        loss_at_node
        on
            wanted.borrower_id = loss_at_node.borrower_id
            and wanted.el_appetite_cents >= loss_at_node.loss_cents
    group by wanted.borrower_id, wanted.el_appetite_cents
)

select
    kept.borrower_id,
    kept.el_appetite_cents,
    kept.node,
    here.loss_cents,
    beyond.loss_cents as next_loss_cents
from kept
inner join loss_at_node as here on kept.borrower_id = here.borrower_id and kept.node = here.node
inner join
    loss_at_node as beyond
    on kept.borrower_id = beyond.borrower_id and kept.node + 1 = beyond.node
