-- One row per population that is decided at once: those under the same documents, of some units.
select populations.*
from populations
where
    populations.model = $model and populations.policy = $policy and populations.regulation = $regulation
    and populations.unit between $first_unit and $last_unit
order by populations.unit, populations.coalition
