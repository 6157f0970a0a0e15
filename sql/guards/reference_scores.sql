-- One row per band of a card's reference: how many lines of its population lay in it, and how many do now.
with scored as (
    select
        decisions.scorecard,
        decisions.score,
        count(*) as lines
    from decisions
    where decisions.score is not null
    group by decisions.scorecard, decisions.score
),

banded as (
    select
        scored.scorecard,
        scored.score,
        scored.lines,
        min(reference_score.band) as band
    from scored
    inner join reference_score
        on
            scored.scorecard = reference_score.scorecard
            and scored.score < coalesce(reference_score.below_score, 2147483647)
    group by scored.scorecard, scored.score, scored.lines
)

select
    reference_score.scorecard,
    reference_score.band,
    reference_score.lines as then_lines,
    cast(coalesce(sum(banded.lines), 0) as bigint) as now_lines
from reference_score
left join banded on reference_score.scorecard = banded.scorecard and reference_score.band = banded.band
group by reference_score.scorecard, reference_score.band, reference_score.lines
order by reference_score.scorecard, reference_score.band
