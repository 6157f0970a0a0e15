-- One row per line that people decided, as it is kept: what they asked for, on what, what came of it, and
-- what the law calls that. Who approves a fall does so on the night's grounds; any other is the person's own.
with worse as (
    select
        settled_line.*,
        night_decision.requested_limit_cents,
        case
            when settled_line.action = 'freeze' then 'freeze'
            when night_decision.requested_limit_cents > settled_line.new_limit_cents then 'request'
            when settled_line.action = 'decrease' then 'decrease'
        end as adverse_change,
        case
            when settled_line.outcome = 'approve' and settled_line.action = 'decrease'
                then array_to_string(
                    list_sort(list_distinct(list_transform(night_decision.grounds, lambda g: g.kind))), '+'
                )
            else 'other'
        end as kinds
    from settled_line
    inner join night_decision on settled_line.facility_id = night_decision.facility_id
)

select
    worse.facility_id,
    worse.case_id,
    worse.outcome,
    worse.reason,
    worse.decided_by,
    worse.agreed_by,
    worse.evidence,
    worse.standing_limit_cents,
    worse.asked_limit_cents,
    worse.after_exposure_cents,
    worse.after_regulation_cents,
    worse.after_floor_cents,
    worse.new_limit_cents,
    worse.action,
    worse.effective_on,
    worse.requested_limit_cents,
    worse.adverse_change,
    case
        when worse.adverse_change is null then 'not_adverse'
        else coalesce(pol_adverse.adverse_action, 'adverse')
    end as adverse_action,
    case
        when worse.adverse_change is null then 'nothing_worse'
        else coalesce(pol_adverse.adverse_because, 'no_ground')
    end as adverse_because
from worse
left join pol_adverse on worse.adverse_change = pol_adverse.adverse_change and worse.kinds = pol_adverse.kinds
order by worse.facility_id
