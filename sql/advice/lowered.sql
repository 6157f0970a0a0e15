-- One row per line that the night itself lowers and tells so: from what to what, whether law asks for it, and
-- whether all of its reasons lie with other lenders.
select
    decisions.facility_id,
    decisions.borrower_id,
    decisions.segment,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents,
    decisions.drawn_cents,
    decisions.route = 'referred' or decisions.binding_step = 'regulation' as is_law,
    len(list_filter(
        decisions.reasons,
        lambda reason: not list_contains(cast($theirs as varchar[]), reason.code)
    )) = 0 as is_theirs
from decisions
where decisions.action = 'decrease' and decisions.committed_limit_cents < decisions.limit_cents
order by decisions.facility_id
