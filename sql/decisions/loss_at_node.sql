-- One row per borrower beyond the appetite and node: expected loss over all lines if the lines that move
-- kept that part of their limits. Node 0: what is drawn; 16: what stands; 32: what is wished. Between nodes
-- the true loss is never above the straight line, so that what is kept by it costs no more than the
-- appetite.
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
        step.node,
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
),

exposed as (
    select
        node.*,
        node.owed_cents + cast((
            cast(greatest(node.node_cents - node.drawn_cents, 0) as hugeint)
            * node.el_ccf_bp + 9999
        ) // 10000 as bigint) as ead_cents
    from node
),

offered as (
    select
        exposed.facility_id,
        exposed.node,
        exposed.ead_cents,
        exposed.own_loss_rate_e8,
        cover.turn,
        cover.cover.loss_rate_e8,
        least(
            cast(exposed.ead_cents as hugeint) * cover.cover.share_bp // 10000,
            coalesce(cover.cover.most_cents, exposed.ead_cents)
        )
        * coalesce(cover.cover.days, cover.cover.horizon_days) // cover.cover.horizon_days as most_cents
    from exposed,
        unnest(exposed.covers) with ordinality as cover (cover, turn)
),

taken as (
    select
        offered.*,
        least(
            cast(sum(offered.most_cents) over (
                partition by offered.facility_id, offered.node
                order by offered.turn
            ) as bigint),
            offered.ead_cents
        ) as taken_cents
    from offered
),

parted as (
    select
        taken.*,
        cast(taken.own_loss_rate_e8 - taken.loss_rate_e8 as hugeint) * (
            taken.taken_cents
            - lag(taken.taken_cents, 1, 0)
                over (partition by taken.facility_id, taken.node order by taken.turn)
        ) as saved
    from taken
),

saving as (
    select
        parted.facility_id,
        parted.node,
        sum(parted.saved) as saved -- lint: allow sum because it is cast back below
    from parted
    group by parted.facility_id, parted.node
)

select
    exposed.borrower_id,
    cast(exposed.node as integer) as node,
    cast(sum((
        (
            cast(exposed.ead_cents as hugeint) * exposed.own_loss_rate_e8
            - coalesce(saving.saved, 0)
        )
        * exposed.rate_ppm + 99999999999999
    ) // 100000000000000) as bigint) as loss_cents
from exposed
left join saving on exposed.facility_id = saving.facility_id and exposed.node = saving.node
group by exposed.borrower_id, exposed.node
