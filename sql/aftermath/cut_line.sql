-- One row per line that the walk would cut, at once or once people agree: the limit that would be left.
select
    decisions.facility_id,
    decisions.borrower_id,
    decisions.proposed_limit_cents
from decisions
where decisions.proposed_limit_cents < decisions.limit_cents
order by decisions.facility_id
