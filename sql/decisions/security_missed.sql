-- One row per falling line whose expected loss would leave its limit standing, had the security that
-- counted when the borrower's anchors were set not lapsed.
select ground_outcome.facility_id
from ground_outcome
inner join decided on ground_outcome.facility_id = decided.facility_id
where
    ground_outcome.kind = 'secured'
    and ground_outcome.proposed_limit_cents >= decided.limit_cents
    and decided.borrower_id in (select lapsed_cover.borrower_id from lapsed_cover)
