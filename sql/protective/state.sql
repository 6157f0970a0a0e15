-- One row per line that is blocked out of a held night: what the next night carries on from. That is what the
-- held night found, with the block; a line that it saw for the first time brings its amounts and its anchor.
select
    past_decision.* replace (
        decisions.facility_id as facility_id,
        case
            when past_decision.facility_id is null then decisions.limit_cents else past_decision.limit_cents
        end
            as limit_cents,
        case
            when past_decision.facility_id is null then decisions.source_limit_cents
            else past_decision.source_limit_cents
        end as source_limit_cents,
        case
            when past_decision.facility_id is null then decisions.limit_cents
            else past_decision.committed_limit_cents
        end as committed_limit_cents,
        true as own_block,
        false as block_shown,
        cast($as_of as date) + 1 as expected_on,
        case
            when past_decision.facility_id is null then decisions.source_rate_bp
            else past_decision.source_rate_bp
        end as source_rate_bp,
        case
            when past_decision.facility_id is null then decisions.rate_bp
            else past_decision.committed_rate_bp
        end as committed_rate_bp,
        case
            when past_decision.facility_id is null then decisions.next_anchor_covers
            else past_decision.next_anchor_covers
        end as next_anchor_covers,
        case
            when past_decision.facility_id is null then decisions.drawn_cents else past_decision.drawn_cents
        end
            as drawn_cents,
        case
            when past_decision.facility_id is null then decisions.owed_cents else past_decision.owed_cents
        end
            as owed_cents,
        case
            when past_decision.facility_id is null then decisions.anchor_limit_cents
            else past_decision.next_anchor_limit_cents
        end as next_anchor_limit_cents,
        case
            when past_decision.facility_id is null then decisions.anchor_on
            else past_decision.next_anchor_on
        end as next_anchor_on
    )
from decisions
inner join blocked_line on decisions.facility_id = blocked_line.facility_id
left join past_decision on decisions.facility_id = past_decision.facility_id
order by decisions.facility_id
