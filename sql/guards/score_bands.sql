-- One row per band of a card's scores on the night compared with: how many lines lay in it then, and how many
-- do now. The last band has no end.
with scored as (
    select
        'then' as night,
        compared.scorecard,
        compared.score,
        count(*) as lines
    from compared
    where compared.score is not null
    group by compared.scorecard, compared.score
    union all
    select
        'now' as night,
        decisions.scorecard,
        decisions.score,
        count(*) as lines
    from decisions
    where decisions.score is not null
    group by decisions.scorecard, decisions.score
),

banded as (
    select
        scored.night,
        scored.scorecard,
        scored.score,
        scored.lines,
        min(score_edge.band) as band
    from scored
    inner join score_edge
        on
            scored.scorecard = score_edge.scorecard
            and (scored.score <= score_edge.highest_score or score_edge.is_last)
    group by scored.night, scored.scorecard, scored.score, scored.lines
)

select
    score_edge.scorecard,
    score_edge.band,
    cast(coalesce(sum(banded.lines) filter (where banded.night = 'then'), 0) as bigint) as then_lines,
    cast(coalesce(sum(banded.lines) filter (where banded.night = 'now'), 0) as bigint) as now_lines
from score_edge
left join banded on score_edge.scorecard = banded.scorecard and score_edge.band = banded.band
group by score_edge.scorecard, score_edge.band
order by score_edge.scorecard, score_edge.band
