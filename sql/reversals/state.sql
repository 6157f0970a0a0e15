-- One row per line that is set back: what the next night carries on from. That is what the night found, so
-- its review counts as not made, with the amounts, the rate and the customer's own limit of now; until the
-- source shows the limit set back, it is in flight against the limit that was wrong.
select
    before_decision.* replace (
        undone_line.facility_id as facility_id,
        coalesce(before_decision.decided_on, decisions.decided_on) as decided_on,
        undone_line.restored_limit_cents as limit_cents,
        case
            when undone_line.restored_limit_cents <> undone_line.limit_cents then undone_line.limit_cents
            else past_decision.source_limit_cents
        end as source_limit_cents,
        undone_line.restored_limit_cents as committed_limit_cents,
        undone_line.restored_own_block as own_block,
        past_decision.source_rate_bp as source_rate_bp,
        past_decision.committed_rate_bp as committed_rate_bp,
        undone_line.effective_on as expected_on,
        false as block_shown,
        past_decision.customer_limit_cents as customer_limit_cents,
        past_decision.customer_limit_on as customer_limit_on,
        case
            when before_decision.facility_id is null then past_decision.next_anchor_covers
            else before_decision.next_anchor_covers
        end as next_anchor_covers,
        past_decision.drawn_cents as drawn_cents,
        past_decision.owed_cents as owed_cents,
        past_decision.score as score,
        decisions.anchor_limit_cents as next_anchor_limit_cents,
        decisions.anchor_on as next_anchor_on
    )
from undone_line
inner join decisions on undone_line.facility_id = decisions.facility_id
inner join past_decision on undone_line.facility_id = past_decision.facility_id
left join before_decision on undone_line.facility_id = before_decision.facility_id
order by undone_line.facility_id
