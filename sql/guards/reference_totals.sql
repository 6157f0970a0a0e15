-- One row per card and grade: how many of tonight's scored lines have it.
select
    decisions.scorecard,
    decisions.grade,
    count(*) as lines
from decisions
where decisions.score is not null and decisions.grade is not null
group by decisions.scorecard, decisions.grade
order by decisions.scorecard, decisions.grade
