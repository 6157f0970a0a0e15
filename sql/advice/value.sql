-- One row per candidate: what its line would come to at a review, whether a person would be asked, and
-- whether the matrix raises anybody of its grade.
with risen as (
    select distinct
        pol_strategy.segment,
        pol_strategy.rating
    from pol_strategy
    where pol_strategy.target_bp > 10000
)

select
    tried.unit,
    tried.place,
    cast($review as integer) as review,
    decisions.route = 'referred' as is_asked,
    risen.segment is not null as may_rise,
    case
        when decisions.action in ('increase', 'offer', 'decrease') then decisions.proposed_limit_cents
        else decisions.limit_cents
    end as limit_cents
from tried
inner join decisions on tried.name || tried.facility_id = decisions.facility_id
left join risen
    on
        decisions.segment = risen.segment
        and coalesce(decisions.slot, decisions.grade) = risen.rating
order by tried.unit, tried.place
