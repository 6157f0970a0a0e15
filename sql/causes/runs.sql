-- One row per set of documents under which populations are decided, with the first and the last of its units.
select
    populations.model,
    populations.policy,
    populations.regulation
from populations
group by populations.model, populations.policy, populations.regulation
order by populations.model, populations.policy, populations.regulation
