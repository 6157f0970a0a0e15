-- One row per line that the walk itself would cut if its review were tonight: from what to what, from which
-- day after the day of its review, for which reasons; whether law asks for it, and whether all of its reasons
-- lie with other lenders.
select
    decisions.facility_id,
    decisions.borrower_id,
    decisions.segment,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents,
    decisions.drawn_cents,
    decisions.binding_step = 'regulation' as is_law,
    len(list_filter(
        decisions.reasons,
        lambda reason: not list_contains(cast($theirs as varchar[]), reason.code)
    )) = 0 as is_theirs,
    candidate.reviewed_on,
    candidate.next_due_on,
    candidate.next_due_on + cast(decisions.effective_on - decisions.decided_on as integer) as effective_on,
    list_transform(decisions.reasons, lambda reason: reason.code) as reason_codes
from decisions
inner join candidate on decisions.facility_id = candidate.facility_id
where
    decisions.action = 'decrease'
    and decisions.route = 'automatic'
    and len(decisions.reasons) > 0
order by decisions.facility_id
