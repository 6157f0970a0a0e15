-- One row: the share of lines that tonight's documents decide otherwise than the last night's would, by
-- action or by the direction of what is proposed, in basis points rounded up.
with line as (
    select
        decisions.action,
        sign(decisions.proposed_limit_cents - decisions.limit_cents) as direction,
        other_decision.action as other_action,
        sign(other_decision.proposed_limit_cents - other_decision.limit_cents) as other_direction
    from decisions
    left join other_decision on decisions.facility_id = other_decision.facility_id
),

total as (
    select
        greatest(count(*), 1) as lines,
        count(*) filter (
            where line.action is distinct from line.other_action
            or line.direction is distinct from line.other_direction
        ) as differing
    from line
)

select (total.differing * 10000 + total.lines - 1) // total.lines as swap_share_bp
from total
