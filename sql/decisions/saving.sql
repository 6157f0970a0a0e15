-- One row per line with covers and exposure asked about: the unit loss that its covers save. They take their
-- parts in turn, the lowest loss rate first, together never more than the whole.
with offered as (
    select
        covered_ead.facility_id,
        covered_ead.point,
        covered_ead.ead_cents,
        covered_ead.own_loss_rate_e8,
        cover.turn,
        cover.cover.loss_rate_e8,
        quotient(
            least(
                quotient(cast(covered_ead.ead_cents as hugeint) * cover.cover.share_bp, 10000),
                coalesce(cover.cover.most_cents, covered_ead.ead_cents)
            ) * coalesce(cover.cover.days, cover.cover.horizon_days),
            cover.cover.horizon_days
        ) as most_cents
    from covered_ead,
        unnest(covered_ead.covers) with ordinality as cover (cover, turn)
),

taken as (
    select
        offered.*,
        least(
            cast(sum(offered.most_cents) over (
                partition by offered.facility_id, offered.point
                order by offered.turn
            ) as bigint),
            offered.ead_cents
        ) as taken_cents
    from offered
),

parted as (
    select
        taken.facility_id,
        taken.point,
        cast(taken.own_loss_rate_e8 - taken.loss_rate_e8 as hugeint) * (
            taken.taken_cents
            - lag(taken.taken_cents, 1, 0)
                over (partition by taken.facility_id, taken.point order by taken.turn)
        ) as saved
    from taken
)

select
    parted.facility_id,
    parted.point,
    sum(parted.saved) as saved -- lint: allow sum because whoever reads it casts it back
from parted
group by parted.facility_id, parted.point
