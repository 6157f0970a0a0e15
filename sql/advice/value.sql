-- One row per candidate: what its line would come to at a review, and whether a person would be asked.
select
    tried.unit,
    tried.place,
    cast($review as integer) as review,
    decisions.route = 'referred' as is_asked,
    case
        when decisions.action in ('increase', 'offer', 'decrease') then decisions.proposed_limit_cents
        else decisions.limit_cents
    end as limit_cents
from tried
inner join decisions on tried.name || tried.facility_id = decisions.facility_id
order by tried.unit, tried.place
