-- One row per line that is blocked out of a held night: what the next night carries on from. That is what the
-- held night found, with the block; a line that it saw for the first time brings its amounts and its anchor.
with found as (
    select past_decision.*
    from past_decision
    union all by name
    select
        decisions.facility_id,
        decisions.decided_on,
        decisions.limit_cents,
        decisions.source_limit_cents,
        decisions.limit_cents as committed_limit_cents,
        decisions.source_rate_bp,
        decisions.rate_bp as committed_rate_bp,
        decisions.drawn_cents,
        decisions.owed_cents,
        decisions.next_anchor_covers,
        decisions.anchor_limit_cents as next_anchor_limit_cents,
        decisions.anchor_on as next_anchor_on
    from decisions
    left join past_decision on decisions.facility_id = past_decision.facility_id
    where past_decision.facility_id is null
)

select
    found.* replace (
        true as own_block,
        false as person_block,
        cast(null as varchar) as review_block,
        false as block_shown,
        changing_line.effective_on as expected_on
    )
from found
inner join changing_line on found.facility_id = changing_line.facility_id
order by found.facility_id
