-- One row per kind of borrower and grade: how many lines, and how many of them fall or rise.
select
    decisions.borrower_type,
    coalesce(decisions.grade, 'none') as grade,
    count(*) as lines,
    count(*) filter (where decisions.action in ('decrease', 'freeze')) as down,
    count(*) filter (where decisions.action in ('increase', 'offer', 'unfreeze')) as up
from decisions
group by decisions.borrower_type, coalesce(decisions.grade, 'none')
order by decisions.borrower_type, grade
