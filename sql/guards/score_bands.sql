-- One row per tenth of the last committed night's scores: how many lines lay in it then, and how many now.
with tenth as (
    select
        past_decision.score,
        ntile(10) over (order by past_decision.score, past_decision.facility_id) as band
    from past_decision
    where past_decision.score is not null
),

edge as (
    select
        tenth.band,
        cast(count(*) as bigint) as past_lines,
        case when tenth.band = 10 then 2147483647 else max(tenth.score) end as highest_score
    from tenth
    group by tenth.band
),

now_in as (
    select min(edge.band) as band
    from decisions
    inner join edge on decisions.score <= edge.highest_score
    group by decisions.facility_id
)

select
    edge.band,
    edge.past_lines,
    cast(count(now_in.band) as bigint) as lines
from edge
left join now_in on edge.band = now_in.band
group by edge.band, edge.past_lines
order by edge.band
