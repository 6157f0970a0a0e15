-- One row per exposure group with a quarantined borrower: none of its lines may rise.
select distinct coalesce(exposure_group.group_id, quarantined_borrower.borrower_id) as group_id
from quarantined_borrower
left join exposure_group on quarantined_borrower.borrower_id = exposure_group.borrower_id
