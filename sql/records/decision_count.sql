-- One row per action and route: how many lines.
select
    decisions.action,
    decisions.route,
    count(*) as lines
from decisions
group by decisions.action, decisions.route
order by decisions.action, decisions.route
