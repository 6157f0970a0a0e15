-- One row per line: its grade. A worse grade counts at once, a better one after the policy's number of
-- due reviews in a row; without a score there is no grade, and the one before is remembered. In grace of a
-- new card, a long good customer whose conduct has not worsened is banded by the better of two cards.
with graced as (
    select
        walk_due.* exclude (former_pd_bp),
        coalesce(
            walk_due.as_of < walk_due.grace_began_on + to_months(walk_due.rel_grace_months), false
        ) as in_grace,
        case when in_grace then walk_due.former_pd_bp end as former_pd_bp,
        coalesce(
            in_grace and walk_due.tenure_months >= walk_due.rel_tenure_months
            and walk_due.days_past_due = 0 and walk_due.worst_dpd_24m = 0
            and walk_due.former_conduct_points >= walk_due.past_conduct_points
            and walk_due.former_pd_bp < walk_due.pd_bp,
            false
        ) as is_graced
    from walk_due
),

banded as (
    select
        graced.*,
        pol_band.grade as raw_grade,
        pol_setting.reviews_to_improve
    from graced
    cross join pol_setting
    left join
        pol_band
        on
            graced.subject = pol_band.subject
            and case when graced.is_graced then graced.former_pd_bp else graced.pd_bp end
            >= pol_band.pd_from_bp
            and case when graced.is_graced then graced.former_pd_bp else graced.pd_bp end
            < pol_band.pd_below_bp
),

counted as (
    select
        banded.*,
        banded.due_because is not null as is_due,
        banded.raw_grade < banded.past_grade as is_better,
        case
            when banded.raw_grade < banded.past_grade
                then banded.past_improve_reviews + cast(banded.due_because is not null as integer)
            else 0
        end as better_reviews
    from banded
)

select
    counted.* exclude (better_reviews, reviews_to_improve, is_better, is_graced),
    counted.is_graced as grade_by_former,
    case
        when counted.is_better and counted.better_reviews < counted.reviews_to_improve then counted.past_grade
        else counted.raw_grade
    end as grade,
    case
        when counted.raw_grade is null then counted.past_improve_reviews
        when
            counted.is_better and counted.better_reviews < counted.reviews_to_improve
            then counted.better_reviews
        else 0
    end as improve_reviews,
    cast(0 as utinyint) as variant
from counted
