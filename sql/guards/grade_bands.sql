-- One row per card and grade: how many lines had it on the night compared with, and how many have it now.
with graded as (
    select
        'then' as night,
        compared.scorecard,
        compared.grade
    from compared
    where compared.grade is not null and compared.scorecard is not null
    union all
    select
        'now' as night,
        decisions.scorecard,
        decisions.grade
    from decisions
    where decisions.grade is not null and decisions.scorecard is not null
)

select
    graded.scorecard,
    graded.grade,
    count(*) filter (where graded.night = 'then') as then_lines,
    count(*) filter (where graded.night = 'now') as now_lines
from graded
group by graded.scorecard, graded.grade
order by graded.scorecard, graded.grade
