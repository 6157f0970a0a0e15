-- One row per candidate: what its line would come to at a review, whether a person would be asked, and
-- whether less might do more: where the matrix raises anybody of its grade, or has a better cell of that
-- grade for a line that is used more, or where the line is not used at all.
with risen as (
    select distinct
        pol_strategy.segment,
        pol_strategy.rating
    from pol_strategy
    where pol_strategy.target_bp > 10000
),

cell as (
    select
        pol_strategy.*,
        max(pol_strategy.target_bp) over (
            partition by pol_strategy.segment, pol_strategy.rating
            order by pol_utilisation_band.from_bp
            rows between 1 following and unbounded following
        ) as more_used_target_bp
    from pol_strategy
    inner join pol_utilisation_band on pol_strategy.band = pol_utilisation_band.band
)

select
    tried.unit,
    tried.place,
    cast($review as integer) as review,
    decisions.route = 'referred' as is_asked,
    risen.segment is not null
    or coalesce(cell.more_used_target_bp > cell.target_bp, false)
    or coalesce(decisions.strategy_row = 'long_unused', false) as may_be_less,
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
left join cell
    on
        decisions.segment = cell.segment
        and coalesce(decisions.slot, decisions.grade) = cell.rating
        and decisions.utilisation_band = cell.band
order by tried.unit, tried.place
