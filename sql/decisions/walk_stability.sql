-- One row per line: how far it may move at once. Targets are rounded down to the segment's unit; the
-- bounds that hold a cut back are rounded up to it, so that none is passed by rounding. A cut is held
-- back to at most the standing limit, never lifted above it. What review and year hold back comes later; what
-- the use of the line stops does not. Where the full step would make the grade fall by itself (`grade_fall`),
-- a review takes less. In a settlement each line stands where people leave it.
with bounded as (
    select
        walk_expected_loss.*,
        walk_expected_loss.after_expected_loss_cents
        - walk_expected_loss.after_expected_loss_cents
        % walk_expected_loss.stab_rounding_cents as rounded_cents,
        grade_fall.facility_id is not null and walk_expected_loss.stab_down_grade_fall_bp is not null
            as grade_falls,
        walk_expected_loss.limit_cents - cast(
            quotient(
                cast(walk_expected_loss.anchor_limit_cents as hugeint)
                * case
                    when grade_falls then walk_expected_loss.stab_down_grade_fall_bp
                    else walk_expected_loss.stab_down_review_bp
                end, 10000
            ) as bigint
        ) as review_bound_cents,
        greatest(walk_expected_loss.highest_limit_12m_cents, walk_expected_loss.limit_cents) - cast(
            quotient(cast(
                greatest(
                    walk_expected_loss.highest_limit_12m_cents, walk_expected_loss.limit_cents
                ) as hugeint
            )
            * walk_expected_loss.stab_down_year_bp, 10000) as bigint
        ) as year_bound_cents,
        case
            when walk_expected_loss.days_past_due > 0 then 0
            else cast(quotient(
                cast(walk_expected_loss.owed_cents as hugeint) * 10000
                + walk_expected_loss.stab_utilisation_after_cut_bp - 1,
                walk_expected_loss.stab_utilisation_after_cut_bp
            ) as bigint)
        end as utilisation_bound_cents,
        greatest(
            walk_expected_loss.limit_cents + cast(
                quotient(
                    cast(walk_expected_loss.anchor_limit_cents as hugeint)
                    * walk_expected_loss.stab_up_review_bp, 10000
                ) as bigint
            ),
            walk_expected_loss.due_promise_cents
        ) as rise_bound_cents,
        coalesce(
            walk_expected_loss.last_increase_on + to_months(walk_expected_loss.stab_cool_off_down_months)
            > walk_expected_loss.as_of and not walk_expected_loss.adverse_event,
            false
        ) as cut_is_cooling
    from walk_expected_loss
    left join grade_fall on walk_expected_loss.facility_id = grade_fall.facility_id
),

placed as (
    select
        bounded.*,
        greatest(
            bounded.review_bound_cents, bounded.year_bound_cents, bounded.utilisation_bound_cents
        ) as cut_bound_cents,
        bounded.moves and bounded.after_expected_loss_cents < bounded.limit_cents as cuts,
        bounded.moves and bounded.after_expected_loss_cents > bounded.limit_cents as rises
    from bounded
),

stepped as (
    select
        placed.*,
        placed.cut_bound_cents + (
            placed.stab_rounding_cents - placed.cut_bound_cents % placed.stab_rounding_cents
        ) % placed.stab_rounding_cents as cut_bound_rounded_cents,
        greatest(
            least(placed.after_expected_loss_cents, placed.rise_bound_cents)
            - least(placed.after_expected_loss_cents, placed.rise_bound_cents) % placed.stab_rounding_cents,
            case
                when placed.due_promise_cents is not null
                    then least(placed.after_expected_loss_cents, placed.due_promise_cents)
            end
        ) as risen_cents
    from placed
)

select
    stepped.*,
    case
        when reviewed.facility_id is not null then reviewed.reviewed_limit_cents
        when stepped.cuts and stepped.cut_is_cooling then stepped.limit_cents
        when stepped.cuts
            then least(stepped.limit_cents, greatest(stepped.rounded_cents, stepped.cut_bound_rounded_cents))
        when stepped.rises then greatest(stepped.limit_cents, stepped.risen_cents)
        else stepped.after_expected_loss_cents
    end as after_stability_cents,
    case
        when stepped.cuts and stepped.cut_is_cooling then 'cool_off'
        when stepped.cuts and stepped.cut_bound_rounded_cents > stepped.rounded_cents
            then
                case stepped.cut_bound_cents
                    when stepped.utilisation_bound_cents then 'utilisation_after_cut'
                    when stepped.review_bound_cents
                        then case when stepped.grade_falls then 'down_grade_fall' else 'down_review' end
                    else 'down_year'
                end
        when stepped.rises and stepped.after_expected_loss_cents > stepped.rise_bound_cents then 'up_review'
        when
            (stepped.cuts or stepped.rises)
            and stepped.after_expected_loss_cents % stepped.stab_rounding_cents <> 0
            then 'rounding'
    end as stability_row,
    case
        when stepped.cuts and stepped.cut_is_cooling then stepped.stab_cool_off_down_months
        when stepped.cuts and stepped.cut_bound_rounded_cents > stepped.rounded_cents
            then stepped.cut_bound_rounded_cents
        when stepped.rises and stepped.after_expected_loss_cents > stepped.rise_bound_cents
            then stepped.rise_bound_cents
        when
            (stepped.cuts or stepped.rises)
            and stepped.after_expected_loss_cents % stepped.stab_rounding_cents <> 0
            then stepped.stab_rounding_cents
    end as stability_value,
    coalesce(
        stepped.cuts and (
            stepped.cut_is_cooling
            or (
                stepped.cut_bound_rounded_cents > stepped.rounded_cents
                and stepped.cut_bound_cents <> stepped.utilisation_bound_cents
            )
        ),
        false
    ) as is_held_back,
    coalesce(
        stepped.cuts and not stepped.cut_is_cooling
        and stepped.cut_bound_rounded_cents > stepped.rounded_cents
        and stepped.cut_bound_cents = stepped.utilisation_bound_cents,
        false
    ) as is_stopped_by_use
from stepped
left join reviewed on stepped.facility_id = reviewed.facility_id
