-- One row per trigger: how many lines it sends to a person.
select
    triggered.code,
    count(*) as lines
from (
    select unnest(decisions.triggers) as code
    from decisions
    where decisions.route = 'referred'
) as triggered
group by triggered.code
order by lines desc, triggered.code
