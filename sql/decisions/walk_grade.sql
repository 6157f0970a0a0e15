-- One row per line: its grade. A worse grade counts at once, a better one after the policy's number of
-- due reviews in a row; without a score there is no grade, and the one before is remembered.
with banded as (
    select
        walk_due.*,
        pol_band.grade as raw_grade,
        pol_setting.reviews_to_improve
    from walk_due
    cross join pol_setting
    left join
        pol_band
        on
            walk_due.subject = pol_band.subject
            and walk_due.pd_bp >= pol_band.pd_from_bp
            and walk_due.pd_bp < pol_band.pd_below_bp
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
    counted.* exclude (better_reviews, reviews_to_improve, is_better),
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
    end as improve_reviews
from counted
