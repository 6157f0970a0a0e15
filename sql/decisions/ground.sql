-- One row per falling line and step that is a ground: without it the limit would end higher, or it alone
-- would lower the limit past the dead band. Cents: what the step takes alone.
select
    decided.facility_id,
    decided.borrower_id,
    alone.step,
    decided.limit_cents - alone.proposed_limit_cents as cents,
    alone.step_row
from decided
inner join ground_outcome as alone on decided.facility_id = alone.facility_id and alone.kind = 'alone'
left join ground_outcome as without
    on decided.facility_id = without.facility_id and without.kind = 'without' and alone.step = without.step
where
    without.proposed_limit_cents > decided.proposed_limit_cents
    or alone.proposed_limit_cents < decided.limit_cents
