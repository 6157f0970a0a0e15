-- One row per line: a rise must earn its keep (margin less expected loss and capital charge); then the
-- exposure at default of the limit wished and its loss, with each cover taking its part in turn.
with exposed as (
    select
        walk_affordability.*,
        switches.expected_loss as expected_loss_on,
        line_risk.own_loss_rate_e8,
        line_risk.covers,
        walk_affordability.owed_cents + cast((
            cast(greatest(
                walk_affordability.limit_cents - greatest(walk_affordability.drawn_cents, 0), 0
            ) as hugeint)
            * walk_affordability.el_ccf_bp + 9999
        ) // 10000 as bigint) as standing_ead_cents,
        walk_affordability.owed_cents + cast((
            cast(greatest(
                walk_affordability.after_affordability_cents - greatest(walk_affordability.drawn_cents, 0), 0
            ) as hugeint)
            * walk_affordability.el_ccf_bp + 9999
        ) // 10000 as bigint) as asked_ead_cents
    from walk_affordability
    cross join switches
    left join line_risk on walk_affordability.facility_id = line_risk.facility_id
),

offered as (
    select
        exposed.facility_id,
        exposed.own_loss_rate_e8,
        point.ead,
        point.nth,
        cover.turn,
        cover.cover.loss_rate_e8,
        least(
            cast(point.ead as hugeint) * cover.cover.share_bp // 10000,
            coalesce(cover.cover.most_cents, point.ead)
        )
        * coalesce(cover.cover.days, cover.cover.horizon_days) // cover.cover.horizon_days as most_cents
    from exposed,
        unnest([
            exposed.owed_cents, exposed.standing_ead_cents, exposed.asked_ead_cents
        ]) with ordinality as point (ead, nth),
        unnest(exposed.covers) with ordinality as cover (cover, turn)
),

taken as (
    select
        offered.*,
        least(
            cast(sum(offered.most_cents) over (
                partition by offered.facility_id, offered.nth
                order by offered.turn
            ) as bigint),
            offered.ead
        ) as taken_cents
    from offered
),

parted as (
    select
        taken.*,
        cast(taken.own_loss_rate_e8 - taken.loss_rate_e8 as hugeint) * (
            taken.taken_cents
            - lag(taken.taken_cents, 1, 0)
                over (partition by taken.facility_id, taken.nth order by taken.turn)
        ) as saved
    from taken
),

summed as (
    select
        parted.facility_id,
        parted.nth,
        sum(parted.saved) as saved -- lint: allow sum because it is cast back below
    from parted
    group by parted.facility_id, parted.nth
),

saving as (
    select
        summed.facility_id,
        max(summed.saved) filter (where summed.nth = 1) as of_owed,
        max(summed.saved) filter (where summed.nth = 2) as of_standing,
        max(summed.saved) filter (where summed.nth = 3) as of_asked
    from summed
    group by summed.facility_id
),

lost as (
    select
        exposed.*,
        cast(exposed.owed_cents as hugeint) * exposed.own_loss_rate_e8 - coalesce(saving.of_owed, 0)
            as owed_unit_loss,
        cast(exposed.standing_ead_cents as hugeint) * exposed.own_loss_rate_e8
        - coalesce(saving.of_standing, 0) as standing_unit_loss,
        cast(exposed.asked_ead_cents as hugeint) * exposed.own_loss_rate_e8 - coalesce(saving.of_asked, 0)
            as asked_unit_loss
    from exposed
    left join saving on exposed.facility_id = saving.facility_id
),

judged as (
    select
        lost.*,
        coalesce(
            lost.expected_loss_on and lost.moves
            and lost.after_affordability_cents > lost.limit_cents
            and coalesce(lost.rate_bp, 0) - lost.el_funding_bp - lost.el_capital_charge_bp
            - case
                when lost.asked_ead_cents > 0
                    then
                        (lost.asked_unit_loss + cast(lost.asked_ead_cents as hugeint) * 10000 - 1)
                        // (cast(lost.asked_ead_cents as hugeint) * 10000)
                else (lost.own_loss_rate_e8 + 9999) // 10000
            end < lost.el_hurdle_bp,
            false
        ) as misses_hurdle
    from lost
)

select
    judged.* exclude (
        standing_ead_cents, asked_ead_cents, owed_unit_loss, standing_unit_loss, asked_unit_loss
    ),
    case when judged.misses_hurdle then judged.limit_cents else judged.after_affordability_cents end
        as wished_cents,
    case when judged.misses_hurdle then judged.standing_ead_cents else judged.asked_ead_cents end
        as ead_cents,
    cast((
        case when judged.misses_hurdle then judged.standing_unit_loss else judged.asked_unit_loss end
        * judged.rate_ppm + 99999999999999
    ) // 100000000000000 as bigint) as loss_cents,
    cast((judged.owed_unit_loss * judged.rate_ppm + 99999999999999) // 100000000000000 as bigint)
        as owed_loss_cents
from judged
