-- One row per line with covers that cost less than the borrower: each cover with the cents of the exposure
-- at default that it takes, in turn. Together never more than the whole.
with covered as (
    select
        decided.facility_id,
        decided.ead_cents,
        decided.covers
    from decided
    where decided.covers is not null
),

offered as (
    select
        covered.facility_id,
        covered.ead_cents,
        cover.turn,
        cover.cover,
        cast(quotient(
            cast(least(
                quotient(cast(covered.ead_cents as hugeint) * cover.cover.share_bp, 10000),
                coalesce(cover.cover.most_cents, covered.ead_cents)
            ) as hugeint) * coalesce(cover.cover.days, cover.cover.horizon_days),
            cover.cover.horizon_days
        ) as bigint) as most_cents
    from covered,
        unnest(covered.covers) with ordinality as cover (cover, turn)
),

summed as (
    select
        offered.*,
        cast(least(
            sum(offered.most_cents) over (partition by offered.facility_id order by offered.turn),
            offered.ead_cents
        ) as bigint) as taken_cents
    from offered
),

parted as (
    select
        summed.*,
        summed.taken_cents - lag(summed.taken_cents, 1, 0) over (
            partition by summed.facility_id order by summed.turn
        ) as covered_cents
    from summed
)

select
    parted.facility_id,
    list(struct_pack(
        guarantee_id := parted.cover.guarantee_id,
        kind := parted.cover.kind,
        provider_id := parted.cover.provider_id,
        share_bp := parted.cover.share_bp,
        most_cents := parted.cover.most_cents,
        days := parted.cover.days,
        loss_rate_e8 := parted.cover.loss_rate_e8,
        covered_cents := cast(parted.covered_cents as bigint)
    ) order by parted.turn) as covers
from parted
group by parted.facility_id
