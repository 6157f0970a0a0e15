-- One row per kind of case.
select
    cases.kind,
    count(*) as cases,
    count(*) filter (where cases.joined_open) as joined
from cases
group by cases.kind
order by cases.kind
