-- One row per action and route: how many lines and borrowers.
select
    decisions.action,
    decisions.route,
    count(*) as lines,
    count(distinct decisions.borrower_id) as borrowers
from decisions
group by decisions.action, decisions.route
order by decisions.action, decisions.route
