-- One row per line that people decided: what the next night carries on from. The cut that the night had fired
-- counts as fired, whatever came of it: it is not fired again before something new happens. A staged cut that
-- was let through keeps its plan and the anchor from before; any other outcome sets or reaffirms the anchor.
select
    in_force.* replace (
        settled_line.standing_limit_cents as limit_cents,
        case
            when settled_line.new_limit_cents <> settled_line.standing_limit_cents
                then settled_line.standing_limit_cents
            else in_force.source_limit_cents
        end as source_limit_cents,
        settled_line.new_limit_cents as committed_limit_cents,
        case
            when settled_line.new_rate_bp is distinct from settled_line.standing_rate_bp
                then settled_line.standing_rate_bp
            else in_force.source_rate_bp
        end as source_rate_bp,
        settled_line.new_rate_bp as committed_rate_bp,
        settled_line.new_own_block as own_block,
        settled_line.asks_block as person_block,
        cast(null as varchar) as review_block,
        in_force.block_shown and settled_line.standing_own_block as block_shown,
        case
            when changing_line.facility_id is not null then settled_line.effective_on
            else in_force.expected_on
        end as expected_on,
        case
            when settled_line.is_held_back or settled_line.action = 'offer'
                then in_force.next_anchor_limit_cents
            else settled_line.new_limit_cents
        end as next_anchor_limit_cents,
        case
            when settled_line.is_held_back or settled_line.action = 'offer' then in_force.next_anchor_on
            else cast($as_of as date)
        end as next_anchor_on,
        case
            when settled_line.is_held_back or settled_line.action = 'offer'
                then in_force.next_anchor_covers
            else night_decision.covers
        end as next_anchor_covers,
        case
            when night_decision.strategy_value < 10000 then cast(night_decision.strategy_value as integer)
            else in_force.fired_target_bp
        end as fired_target_bp,
        case
            when night_decision.strategy_value < 10000 then cast($as_of as date) else in_force.fired_on
        end as fired_on,
        settled_line.is_held_back as plan_open,
        greatest(in_force.band_limit_cents, settled_line.new_limit_cents) as band_limit_cents,
        case
            when settled_line.action = 'decrease' then cast($as_of as date) else in_force.last_decrease_on
        end as last_decrease_on,
        case
            when settled_line.action = 'increase' then cast($as_of as date) else in_force.last_increase_on
        end as last_increase_on,
        case
            when settled_line.action = 'offer' then cast($as_of as date) else in_force.offered_on
        end as offered_on,
        case
            when settled_line.action = 'offer' then settled_line.asked_limit_cents
            when settled_line.action <> 'increase' then in_force.offered_limit_cents
        end as offered_limit_cents,
        case
            when settled_line.action = 'offer'
                then cast($settled_on as date) + cast(settled_line.offer_days as integer)
            when settled_line.action <> 'increase' then in_force.offer_until
        end as offer_until
    )
from settled_line
inner join in_force on settled_line.facility_id = in_force.facility_id
inner join night_decision on settled_line.facility_id = night_decision.facility_id
left join changing_line on settled_line.facility_id = changing_line.facility_id
order by settled_line.facility_id
