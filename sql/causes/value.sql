-- One row per population and moved line: the limit that the walk leaves it. What is offered moves nothing,
-- and whether a person would be asked is not the question: people are no factor.
select
    population.unit,
    population.coalition,
    moved_line.facility_id,
    case
        when walk_action.action = 'increase' then walk_action.proposed_limit_cents
        else least(walk_action.proposed_limit_cents, walk_action.limit_cents)
    end as limit_cents
from population
inner join unit on population.unit = unit.unit
inner join moved_line on unit.group_id = moved_line.group_id and unit.since_on = moved_line.since_on
inner join walk_action on population.name || moved_line.facility_id = walk_action.facility_id
order by population.unit, population.coalition, moved_line.facility_id
