-- One row per line: a rise must earn its keep (margin less expected loss and capital charge); then the
-- exposure at default of the limit wished and its loss, with each cover taking its part in turn.
with saved as (
    select
        saving.facility_id,
        max(saving.saved) filter (where saving.point = 1) as of_owed,
        max(saving.saved) filter (where saving.point = 2) as of_standing,
        max(saving.saved) filter (where saving.point = 3) as of_asked
    from saving
    group by saving.facility_id
),

lost as (
    select
        walk_ead.*,
        switches.expected_loss as expected_loss_on,
        cast(walk_ead.owed_cents as hugeint) * walk_ead.own_loss_rate_e8 - coalesce(saved.of_owed, 0)
            as owed_unit_loss,
        cast(walk_ead.standing_ead_cents as hugeint) * walk_ead.own_loss_rate_e8
        - coalesce(saved.of_standing, 0) as standing_unit_loss,
        cast(walk_ead.asked_ead_cents as hugeint) * walk_ead.own_loss_rate_e8
        - coalesce(saved.of_asked, 0) as asked_unit_loss
    from walk_ead
    inner join switches on walk_ead.variant = switches.variant
    left join saved on walk_ead.facility_id = saved.facility_id
),

judged as (
    select
        lost.*,
        coalesce(
            lost.expected_loss_on and lost.moves and lost.due_promise_cents is null
            and lost.after_affordability_cents > lost.limit_cents
            and coalesce(lost.rate_bp, 0) - lost.el_funding_bp - lost.el_capital_charge_bp
            - case
                when lost.asked_ead_cents > 0
                    then
                        quotient(
                            lost.asked_unit_loss + cast(lost.asked_ead_cents as hugeint) * 10000 - 1,
                            cast(lost.asked_ead_cents as hugeint) * 10000
                        )
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
