-- One row per borrower beyond the appetite and node: expected loss over all lines if the lines that move
-- kept that part of their limits. Between nodes the true loss is never above the straight line, so that
-- what is kept by it costs no more than the appetite.
select
    node_ead.borrower_id,
    node_ead.node,
    cast(sum(quotient(
        (cast(node_ead.ead_cents as hugeint) * node_ead.own_loss_rate_e8 - coalesce(saving.saved, 0))
        * node_ead.rate_ppm + 99999999999999, 100000000000000
    )) as bigint) as loss_cents
from node_ead
left join saving on node_ead.facility_id = saving.facility_id and node_ead.node = saving.point
group by node_ead.borrower_id, node_ead.node
