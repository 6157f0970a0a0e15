-- One row per line that a revision changes: what the next night carries on from. That is what the revision
-- decided; until the source shows its limit, the line is in flight against the one that it took back.
select
    revised_past.* replace (
        revised_line.new_limit_cents as committed_limit_cents,
        case
            when revised_line.new_limit_cents <> revised_line.old_limit_cents
                then revised_line.old_limit_cents
            else revised_past.source_limit_cents
        end as source_limit_cents,
        case
            when revised_line.new_rate_bp is distinct from revised_line.old_rate_bp
                then revised_line.old_rate_bp
            else revised_past.source_rate_bp
        end as source_rate_bp,
        revised_line.new_rate_bp as committed_rate_bp,
        revised_line.new_own_block as own_block,
        false as block_shown,
        revised_line.effective_on as expected_on
    )
from revised_line
inner join revised_past on revised_line.facility_id = revised_past.facility_id
order by revised_line.facility_id
