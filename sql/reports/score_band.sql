-- One row per scorecard and band of twenty points: how many borrowers.
select
    scores.scorecard,
    scores.score // 2000 * 20 as from_points,
    count(*) as borrowers
from scores
where scores.score is not null
group by scores.scorecard, scores.score // 2000
order by scores.scorecard, from_points
