-- One row per line, as decided, but a line whose letter failed goes to a person and nothing on it moves:
-- a block that was to be set or lifted tonight stands as it stood.
select
    decisions.* replace (
        case when draft_failed.facility_id is null then decisions.route else 'referred' end as route,
        case
            when draft_failed.facility_id is null then decisions.triggers
            else list_append(decisions.triggers, 'draft_failed')
        end as triggers,
        case
            when draft_failed.facility_id is null then decisions.drawdown_blocked
            when decisions.action = 'freeze' then false
            when decisions.action = 'unfreeze' then true
            else decisions.drawdown_blocked
        end as drawdown_blocked
    )
from decisions
left join draft_failed on draft_failed.facility_id = decisions.facility_id
order by decisions.facility_id
