-- One row per band of a card's scores on the night compared with: its tenths of lines, each up to and with
-- its highest score. Tenths that end at one score are one band, so that equal scores never lie in two.
with tenth as (
    select
        compared.scorecard,
        compared.score,
        ntile(10) over (
            partition by compared.scorecard order by compared.score, compared.facility_id
        ) as tenth
    from compared
    where compared.score is not null
),

ends as (
    select
        tenth.scorecard,
        tenth.tenth,
        max(tenth.score) as highest_score
    from tenth
    group by tenth.scorecard, tenth.tenth
),

edge as (
    select distinct
        ends.scorecard,
        ends.highest_score
    from ends
)

select
    edge.scorecard,
    cast(row_number() over (partition by edge.scorecard order by edge.highest_score) as integer) as band,
    edge.highest_score,
    row_number() over (partition by edge.scorecard order by edge.highest_score desc) = 1 as is_last
from edge
order by edge.scorecard, band
