-- One row per line: never below what is owed, never above the standing limit for that alone; then moves
-- under the dead band are left undone unless a hard cap asked for them or a schedule is followed.
with floored as (
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
        coalesce(
            walk_regulation.after_exposure_cents < walk_regulation.after_stability_cents
            or walk_regulation.after_regulation_cents < walk_regulation.after_exposure_cents
            or walk_regulation.stop = 'fixed_schedule',
            false
        ) as must_move
    from walk_regulation
)

select
    floored.*,
    case
        when floored.after_floor_cents > floored.after_regulation_cents then 'owed'
    end as floor_row,
    case
        when floored.after_floor_cents > floored.after_regulation_cents then floored.owed_cents
    end as floor_value,
    coalesce(
        floored.after_floor_cents <> floored.limit_cents and not floored.must_move
        and abs(floored.after_floor_cents - floored.limit_cents) < greatest(
            floored.stab_dead_band_cents,
            cast(cast(floored.limit_cents as hugeint) * floored.stab_dead_band_bp // 10000 as bigint)
        ),
        false
    ) as in_dead_band,
    case
        when
            not floored.must_move
            and abs(floored.after_floor_cents - floored.limit_cents) < greatest(
                coalesce(floored.stab_dead_band_cents, 0),
                coalesce(
                    cast(cast(floored.limit_cents as hugeint) * floored.stab_dead_band_bp // 10000 as bigint),
                    0
                )
            )
            then floored.limit_cents
        else floored.after_floor_cents
    end as proposed_limit_cents
from floored
