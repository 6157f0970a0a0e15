-- One row per falling line, ground and reason in it: `turn` counts the reasons of one ground, first the
-- largest shortfall, until those taken would have reached the grade that keeps the limit.
with family as (
    select
        ground.facility_id,
        ground.step,
        ground.cents,
        family_shortfall.family as code,
        family_shortfall.shortfall,
        coalesce(
            cast(sum(family_shortfall.shortfall) over (
                partition by ground.facility_id, ground.step
                order by family_shortfall.shortfall desc, family_shortfall.family
                rows between unbounded preceding and 1 preceding
            ) as bigint),
            0
        ) as taken_before,
        score_needed.needed
    from ground
    inner join family_shortfall on ground.borrower_id = family_shortfall.borrower_id
    left join score_needed on ground.facility_id = score_needed.facility_id and ground.step = 'strategy'
    inner join decided on ground.facility_id = decided.facility_id and decided.slot is null
    where
        ground.step in ('strategy', 'expected_loss') and ground.step_row is distinct from 'long_unused'
        and not (
            ground.step = 'expected_loss'
            and ground.facility_id in (select security_missed.facility_id from security_missed)
        )
),

score_reason as (
    select
        family.facility_id,
        family.step,
        family.cents,
        family.code,
        family.code as family,
        family.shortfall as points
    from family
    where family.needed is null or family.taken_before < family.needed
),

slotted as (
    select
        ground.facility_id,
        ground.step,
        ground.cents,
        slot_reason.code
    from ground
    inner join slot_reason on ground.facility_id = slot_reason.facility_id
    where
        ground.step in ('strategy', 'expected_loss') and ground.step_row is distinct from 'long_unused'
        and not (
            ground.step = 'expected_loss'
            and ground.facility_id in (select security_missed.facility_id from security_missed)
        )
),

other_reason as (
    select
        ground.facility_id,
        ground.step,
        ground.cents,
        case
            when ground.step = 'gate' then 'scheduled_limit'
            when ground.step_row = 'long_unused' then 'long_unused'
            when ground.step = 'affordability'
                then
                    case
                        when
                            decided.capacity_cents + decided.other_lines_cents + cast(
                                quotient(
                                    cast(coalesce(decided.external_payment_cents, 0) as hugeint) * 10000,
                                    decided.aff_minimum_payment_bp
                                ) as bigint
                            ) >= decided.limit_cents
                            then 'obligations_excessive'
                        else 'income_insufficient'
                    end
            when ground.step = 'exposure' and cap.scope = 'group' and decided.group_id in (
                select exposure_group.group_id from exposure_group
            ) then 'group_exposure'
            when ground.step = 'exposure' then 'own_credit_exposure'
            when ground.step = 'regulation' then 'regulation_cap'
            when ground.step = 'strategy' and band_would_keep.facility_id is not null then 'utilisation'
            when
                ground.step = 'expected_loss'
                and ground.facility_id in (select security_missed.facility_id from security_missed)
                then 'security_lapsed'
            when
                ground.step = 'expected_loss' and family_shortfall.borrower_id is null
                and decided.slot is null
                then 'own_credit_exposure'
        end as code
    from ground
    inner join decided on ground.facility_id = decided.facility_id
    left join cap on ground.step_row = cap.cap_row
    left join band_would_keep on ground.facility_id = band_would_keep.facility_id
    left join (select distinct family_shortfall.borrower_id from family_shortfall) as family_shortfall
        on ground.borrower_id = family_shortfall.borrower_id
),

every as (
    select
        score_reason.facility_id,
        score_reason.step,
        score_reason.cents,
        score_reason.code,
        score_reason.family,
        score_reason.points
    from score_reason
    union all
    select
        other_reason.facility_id,
        other_reason.step,
        other_reason.cents,
        other_reason.code,
        other_reason.code as family,
        null as points
    from other_reason
    where other_reason.code is not null
    union all
    select
        slotted.facility_id,
        slotted.step,
        slotted.cents,
        slotted.code,
        slotted.code as family,
        null as points
    from slotted
)

select
    every.*,
    row_number() over (
        partition by every.facility_id, every.step
        order by every.points desc nulls last, every.code
    ) as turn
from every
