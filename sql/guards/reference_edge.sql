-- One row per card and tenth of its scored lines tonight: the first score above it, at whole points, so that
-- a person can read it; tenths that meet at one point are one.
with tenth as (
    select
        decisions.scorecard,
        decisions.score,
        ntile(10) over (
            partition by decisions.scorecard order by decisions.score, decisions.facility_id
        ) as tenth
    from decisions
    where decisions.score is not null
),

ends as (
    select
        tenth.scorecard,
        cast((max(tenth.score) // 100 + 1) * 100 as integer) as below_score
    from tenth
    where tenth.tenth < 10
    group by tenth.scorecard, tenth.tenth
)

select distinct
    ends.scorecard,
    ends.below_score
from ends
order by ends.scorecard, ends.below_score
