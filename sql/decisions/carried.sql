-- One row per line: its reasons, its route, and whether tonight moves its limit and its anchor.
with routed as (
    select
        decided.*,
        coalesce(reasons.reasons, []) as reasons,
        coalesce(reasons.reasons_truncated, cast([] as varchar[])) as reasons_truncated,
        list_concat(decided.triggers, list_filter([
            case
                when decided.proposed_action in ('decrease', 'freeze') and reasons.facility_id is null
                    then 'no_reason'
            end,
            case when draft_failed.facility_id is not null then 'draft_failed' end
        ], lambda code: code is not null)) as all_triggers
    from decided
    left join reasons on decided.facility_id = reasons.facility_id
    left join draft_failed on decided.facility_id = draft_failed.facility_id
),

settled as (
    select
        routed.*,
        case when len(routed.all_triggers) > 0 then 'referred' else 'automatic' end as route,
        len(routed.all_triggers) = 0 and routed.action in ('increase', 'decrease')
        and not routed.recommend_only as moves_limit,
        len(routed.all_triggers) = 0 and routed.fires_down
        and (
            routed.is_stopped_by_use
            or (routed.cuts and not routed.is_held_back and routed.floor_row is not null)
        ) as is_final,
        case
            when routed.action = 'freeze' then true
            when len(routed.all_triggers) > 0 then routed.own_block
            when routed.action = 'unfreeze' then false
            else routed.own_block
        end as next_own_block
    from routed
)

select
    settled.*,
    case
        when settled.moves_limit then settled.proposed_limit_cents
        when settled.action = 'decrease' then coalesce(settled.law_limit_cents, settled.limit_cents)
        else settled.limit_cents
    end as committed_limit_cents,
    case
        when settled.route = 'automatic' or settled.proposed_action = 'freeze' then settled.proposed_rate_bp
        when settled.law_rate_bp < settled.rate_bp then settled.law_rate_bp
        else settled.rate_bp
    end as committed_rate_bp,
    settled.moves and settled.route = 'automatic' and settled.action <> 'offer'
    and not settled.is_held_back and coalesce(settled.hold_because, '') <> 'cool_off'
    and not (settled.action = 'unfreeze' and settled.proposed_limit_cents <> settled.limit_cents)
    and settled.open_case_id is null as sets_anchor,
    settled.stop is null or settled.stop in ('fixed_schedule', 'not_due') as is_free
from settled
