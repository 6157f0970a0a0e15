-- One row per line: never below what is owed, never above the standing limit for that alone; then moves
-- under the dead band are left undone, but for what a hard cap asks and where a schedule is followed. Beside
-- it the law's share: where its records alone would leave the line.
with lifted as (
    select
        walk_regulation.*,
        case
            when walk_regulation.limit_cents is not null
                then
                    greatest(
                        walk_regulation.after_regulation_cents,
                        least(walk_regulation.limit_cents, walk_regulation.owed_cents)
                    )
        end as after_floor_cents,
        least(walk_regulation.limit_cents, walk_regulation.owed_cents) as floor_cents,
        greatest(
            coalesce(walk_regulation.stab_dead_band_cents, 0),
            coalesce(cast(
                quotient(
                    cast(walk_regulation.limit_cents as hugeint) * walk_regulation.stab_dead_band_bp, 10000
                )
                as bigint
            ), 0)
        ) as dead_band_cents
    from walk_regulation
),

floored as (
    select
        lifted.*,
        greatest(
            least(lifted.limit_cents, lifted.exposure_limit_cents, lifted.regulation_limit_cents),
            lifted.floor_cents
        ) as hard_limit_cents,
        lifted.after_gate_cents = lifted.limit_cents
        and coalesce(lifted.after_floor_cents < lifted.due_promise_cents, true)
        and abs(lifted.after_floor_cents - lifted.limit_cents) < lifted.dead_band_cents as is_small
    from lifted
)

select
    floored.* exclude (floor_cents, dead_band_cents, hard_limit_cents, is_small),
    case
        when floored.after_floor_cents > floored.after_regulation_cents then 'owed'
    end as floor_row,
    case
        when floored.after_floor_cents > floored.after_regulation_cents then floored.owed_cents
    end as floor_value,
    coalesce(floored.after_floor_cents <> floored.limit_cents and floored.is_small, false) as in_dead_band,
    case when floored.is_small then floored.hard_limit_cents else floored.after_floor_cents end
        as proposed_limit_cents,
    case
        when
            not floored.quarantined and not floored.recommend_only
            and greatest(floored.regulation_limit_cents, floored.floor_cents) < floored.limit_cents
            and floored.regulation_limit_cents is not null
            then greatest(floored.regulation_limit_cents, floored.floor_cents)
    end as law_limit_cents
from floored
