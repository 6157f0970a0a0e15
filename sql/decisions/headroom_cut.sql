-- One row per line under a breached cap: the limit after its share of the cut. Rises are refused; then
-- undrawn headroom is cut pro rata, the odd cents to the largest remainders, then by facility_id; committed,
-- project and quarantined lines cannot be cut by the walk. What cannot be cut is a breach that remains.
with claim as (
    select
        breach_line.step,
        breach_line.cap_row,
        breach_line.cap_cents,
        breach_line.owner_id,
        breach_line.cut_cents,
        walk_stability.facility_id,
        walk_stability.rate_ppm,
        walk_stability.limit_cents as standing_cents,
        case
            when
                coalesce(walk_stability.is_committed, false) or walk_stability.product = 'project'
                or walk_stability.quarantined
                then 0
            else cast(
                quotient(
                    cast(greatest(walk_stability.limit_cents - walk_stability.owed_cents, 0) as hugeint)
                    * walk_stability.rate_ppm, 1000000
                ) as bigint
            )
        end as headroom_cents
    from breach_line
    inner join walk_stability on breach_line.facility_id = walk_stability.facility_id
),

summed as (
    select
        claim.*,
        cast(
            sum(claim.headroom_cents) over (partition by claim.step, claim.cap_row, claim.owner_id) as bigint
        )
            as all_headroom_cents
    from claim
),

shared as (
    select
        summed.*,
        least(summed.cut_cents, summed.all_headroom_cents) as possible_cents,
        case
            when summed.all_headroom_cents > 0
                then
                    cast(
                        quotient(
                            cast(least(summed.cut_cents, summed.all_headroom_cents) as hugeint)
                            * summed.headroom_cents, summed.all_headroom_cents
                        ) as bigint
                    )
            else 0
        end as base_cents,
        case
            when summed.all_headroom_cents > 0
                then
                    cast(
                        cast(least(summed.cut_cents, summed.all_headroom_cents) as hugeint)
                        * summed.headroom_cents % summed.all_headroom_cents as bigint
                    )
            else 0
        end as remainder
    from summed
),

ranked as (
    select
        shared.*,
        shared.possible_cents - cast(
            sum(shared.base_cents) over (partition by shared.step, shared.cap_row, shared.owner_id) as bigint
        ) as odd_cents,
        row_number() over (
            partition by shared.step, shared.cap_row, shared.owner_id
            order by shared.remainder desc, shared.facility_id
        ) as place
    from shared
)

select
    ranked.step,
    ranked.facility_id,
    ranked.cap_row,
    ranked.cap_cents,
    ranked.cut_cents > ranked.all_headroom_cents as remains,
    ranked.standing_cents - cast(least(
        quotient(
            cast(ranked.base_cents + cast(ranked.place <= ranked.odd_cents as bigint) as hugeint) * 1000000
            + ranked.rate_ppm - 1, ranked.rate_ppm
        ),
        greatest(ranked.standing_cents, 0)
    ) as bigint) as capped_cents
from ranked
