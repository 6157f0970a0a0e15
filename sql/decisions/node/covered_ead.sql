-- 33 rows per line with covers of a borrower beyond the appetite: the exposure at each node.
select
    node_ead.facility_id,
    node_ead.node as point,
    node_ead.ead_cents,
    node_ead.own_loss_rate_e8,
    node_ead.covers
from node_ead
where len(node_ead.covers) > 0
