-- One row per reason why lines were left as they are.
select
    decisions.hold_because as code,
    count(*) as lines
from decisions
where decisions.action = 'hold' and decisions.hold_because is not null
group by decisions.hold_because
order by lines desc, decisions.hold_because
